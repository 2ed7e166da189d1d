import type { Request } from 'express';
import { Refused } from '../ground/errors.ts';
import { contextOf } from '../web/context.ts';
import { type Party, partyAt } from './party.ts';

const partyOrWhyNot = (req: Request) => partyAt(contextOf(req).config.baseUrl, req.headers.host ?? '');

/** For whom this request's passkeys are made. Throws Refused where there can be none. */
export function partyOf(req: Request): Party {
  const party = partyOrWhyNot(req);
  if ('instead' in party) throw new Refused(party.instead);
  return party;
}

/** Why there can be no passkeys under the address of this request; null when there can. */
export function whyNoPasskeys(req: Request): string | null {
  const party = partyOrWhyNot(req);
  return 'instead' in party ? party.instead : null;
}
