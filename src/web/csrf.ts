import { METHODS } from 'node:http';
import csurfModule from 'csurf';
import type { Request, RequestHandler } from 'express';

// Its types tell of a CommonJS module, whose function is the `default` of it; what is loaded is the function itself.
const csurf = 'default' in csurfModule ? csurfModule.default : csurfModule;

/** Gives every page its token, those that say why something failed included; refuses nothing. */
export const csrfTokens = csurf({ ignoreMethods: METHODS }) as RequestHandler;

/** csurf in session mode; the token counts in the header or the body, never in the query string. */
export const csrf: RequestHandler = csurf({
  value: (req: Request) => req.get('x-csrf-token') ?? (typeof req.body?._csrf === 'string' ? req.body._csrf : ''),
}) as RequestHandler;

export const isStaleToken = (error: unknown) => (error as { code?: string }).code === 'EBADCSRFTOKEN';
