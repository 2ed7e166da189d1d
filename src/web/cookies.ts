import type { Request, Response } from 'express';
import { randomToken } from '../ground/secrets.ts';
import { contextOf } from './context.ts';

const yearMs = 31_536_000_000;

/** The token of this browser: the one that it got when somebody signed in from it, or a new one. */
export const browserToken = (req: Request): string => readCookie(req, cookieName(req), /^[\w-]{43}$/) ?? randomToken();

/** Lets this browser be known again for a year from now; called when somebody has signed in from it. */
export function keepBrowserToken(req: Request, res: Response, token: string): void {
  res.cookie(cookieName(req), token, { httpOnly: true, sameSite: 'lax', secure: isSecure(req), path: '/', maxAge: yearMs });
}

const isSecure = (req: Request) => contextOf(req).config.isSecure;
const cookieName = (req: Request) => (isSecure(req) ? '__Host-roster-browser' : 'roster-browser');

/** The value of a cookie that looks as ours do; anything else is no cookie of ours. */
export function readCookie(req: Request, name: string, pattern: RegExp): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([key]) => key === name)?.[1];
  return value && pattern.test(value) ? value : undefined;
}
