import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { type Link, linkByIdOrNull } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { holdLine } from './list.ts';
import { whyNotCopied } from './usefulness.ts';

/**
 * The link that a letter brings, for an administrator who hands it over by another way; that is recorded. Throws Refused with the
 * sentence why it is not to be had, and for that of an administrator without a fresh proof of identity.
 */
export async function copyLink(db: Db, by: Doer, id: number | null): Promise<Link> {
  assertCan(by, 'copy link');
  return db.transaction(async (trx) => {
    const letter = await holdLine(trx, id);
    if (letter.reader) assertCan(by, 'copy link', letter.reader);
    const why = whyNotCopied(letter, letter.reader, (await readSettings(trx)).outgoingMail);
    const found = why || letter.linkId === null ? null : await linkByIdOrNull(trx, letter.linkId);
    if (!found) throw new Refused(why ?? 'The link is gone.');
    if (letter.reader?.profile === 'administrator') assertConfirmed(by);
    await record(trx, by, 'letter.link-copied', letter.reader, { facts: { letter: letter.id, about: letter.kind } });
    return found.link;
  });
}
