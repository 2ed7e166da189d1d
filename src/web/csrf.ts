import { METHODS } from 'node:http';
import csurfModule from 'csurf';
import type { Request, RequestHandler } from 'express';

const csurf = csurfModule as unknown as typeof csurfModule.default;

/** Gives every page its token, those that say why something failed included; refuses nothing. */
export const csrfTokens = csurf({ ignoreMethods: METHODS }) as RequestHandler;

/** csurf in session mode; the token counts in the header or the body, never in the query string. */
export const csrf: RequestHandler = csurf({
  value: (req: Request) => req.get('x-csrf-token') ?? (typeof req.body?._csrf === 'string' ? req.body._csrf : ''),
}) as RequestHandler;

export const isStaleToken = (error: unknown) => (error as { code?: string }).code === 'EBADCSRFTOKEN';
