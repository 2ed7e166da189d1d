import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused, TryLater } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { issueLink, type Link, linkByIdOrNull } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import type { LetterKind } from './catalogue.ts';
import { enqueueLetter } from './letters.ts';
import { holdLine, type Line } from './list.ts';
import { whyNotAgain } from './usefulness.ts';

/** So many times within an hour can one reader be sent letters again, and not twice within a minute. */
const mostInAnHour = 3;

/** To which address it was sent again; while outgoing mail is off there is only a new link. */
export type Resent = { address: string; isUnsent: boolean };

/**
 * Writes a letter once more: with a new link where it brings one, so that the older works no more, else with the same words. Throws
 * Refused when it is still on its way or is not so any more, TryLater when its reader was sent letters again just now.
 */
export async function resendLetter(db: Db, by: Doer, id: number | null): Promise<Resent> {
  assertCan(by, 'resend mail');
  return db.transaction(async (trx) => {
    const letter = await holdLine(trx, id);
    if (letter.reader) assertCan(by, 'resend mail', letter.reader);
    const { outgoingMail } = await readSettings(trx);
    const why = whyNotAgain(letter, letter.reader, outgoingMail);
    if (why) throw new Refused(why);
    await assertNotTooOften(trx, letter);
    const link = await renewedLink(trx, letter);
    const address = link?.email ?? letter.address;
    await writeAgain(trx, letter, address, link);
    const act = letter.reader ? 'letter.resent' : 'letter.resent-outside';
    await record(trx, by, act, letter.reader, { facts: { letter: letter.id, about: letter.kind } });
    return { address, isUnsent: !outgoingMail };
  });
}

/** Who holds the reader's row, or the letter's, sees what others have just sent again. */
async function assertNotTooOften(trx: Trx, { userId, linkId, address }: Line): Promise<void> {
  const lately = await trx('letters')
    .where(userId === null ? { userId, linkId, address } : { userId })
    .whereNotNull('resentOf')
    .whereRaw(`created_at > now() - interval '1 hour'`)
    .orderBy('id', 'desc')
    .limit(mostInAnHour)
    .select(trx.raw('extract(epoch from now() - created_at)::int as seconds'));
  const [latest = 3600, , oldest] = lately.map((one) => one.seconds as number);
  const seconds = oldest === undefined ? 60 - latest : 3600 - oldest;
  if (seconds <= 0) return;
  const wait = seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : 'a minute';
  throw new TryLater(`Letters have been sent again to the same reader just now. Try again in ${wait}.`, { status: 429, seconds });
}

/** A new link for the present address of the account; a change of address stays with the address it is about. */
async function renewedLink(trx: Trx, { linkId, linkCounter, reader }: Line): Promise<Link | null> {
  const found = linkCounter === null || linkId === null ? null : await linkByIdOrNull(trx, linkId);
  if (!found) return null;
  const { purpose, email } = found.link;
  if (!reader) return null;
  return issueLink(trx, purpose, { userId: reader.id, email: purpose === 'email-change' ? email : reader.email });
}

async function writeAgain(trx: Trx, letter: Line, address: string, link: Link | null): Promise<void> {
  const { kind, data, reader: user } = letter;
  const again = { kind: kind as LetterKind, data, user, address, ...(link ? { link } : {}) };
  const written = await enqueueLetter(trx, again, { resentOf: letter.id });
  if (written.length === 0) throw new Refused(`${user?.name ?? address} has turned off letters of this kind.`);
}
