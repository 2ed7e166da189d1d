import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { type Link, linkByIdOrNull } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { findLetter } from './letter.ts';
import { holdAddressee } from './reader.ts';
import { whyNotLink } from './ready.ts';
import { whyNoUse } from './usefulness.ts';

/**
 * The link that a letter brings, for an administrator who hands it over by another way; that is recorded. Throws Refused when it
 * works no more, or would be of no use. A reset link is its reader's alone while mail can be sent.
 */
export async function copyLink(db: Db, by: Doer, id: number): Promise<Link> {
  assertCan(by, 'copy link');
  return db.transaction(async (trx) => {
    const letter = await findLetter(trx, id);
    const reader = letter.userId === null ? null : await holdAddressee(trx, letter.userId);
    const found = letter.linkId === null ? null : await linkByIdOrNull(trx, letter.linkId);
    if (!found || letter.linkCounter === null) throw new Refused('This letter brings no link.');
    const why = whyNotLink(letter, found) ?? whyNoUse({ reader, found });
    if (why) throw new Refused(`There is no link to copy. ${why}`);
    if (found.link.purpose === 'reset' && (await readSettings(trx)).outgoingMail)
      throw new Refused('A link to reset a password is for its reader alone while mail can be sent. Send it again instead.');
    await record(trx, by, 'letter.link-copied', reader, { facts: { letter: id, about: letter.kind } });
    return found.link;
  });
}
