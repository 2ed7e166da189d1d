import type { Request } from 'express';
import { ownPath, pageBefore } from '../web/guard.ts';

/** Where a form about a user leads back to: where it says itself, else the list the reader came from, else `otherwise`. */
export function wayBack(req: Request, otherwise: string): string {
  const before = pageBefore(req, otherwise);
  const isList = /^\/users(\/deleted)?(\?|$)/.test(before);
  return ownPath(req, req.body?.return_to ?? req.query.return_to, isList ? before : otherwise);
}
