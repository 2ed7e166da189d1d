import type { Request, Response } from 'express';
import { randomToken } from '../ground/secrets.ts';
import { contextOf } from './context.ts';

const yearMs = 31_536_000_000;

/** The token of this browser, made at its first visit to a form of sign-in: an account that signed in from it knows it again. */
export function browserToken(req: Request, res: Response): string {
  const isSecure = contextOf(req).config.baseUrl.startsWith('https:');
  const name = isSecure ? '__Host-roster-browser' : 'roster-browser';
  const token = readCookie(req, name) ?? randomToken();
  res.cookie(name, token, { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/', maxAge: yearMs });
  return token;
}

function readCookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([key]) => key === name)?.[1];
  return value && /^[\w-]{43}$/.test(value) ? value : undefined;
}
