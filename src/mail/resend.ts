import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused, TryLater } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { issueLink, type Link, linkByIdOrNull } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { type LetterKind, templateOrNull } from './catalogue.ts';
import { findLetter } from './letter.ts';
import { enqueueLetter } from './letters.ts';
import type { Letter } from './queue.ts';
import { type Addressee, holdAddressee } from './reader.ts';
import { whyNoUse } from './usefulness.ts';

/** So many times within an hour can one reader be sent letters again, and not twice within a minute. */
const mostInAnHour = 3;

/** What was sent again, and to which address. */
export type Resent = { address: string; isUnsent: boolean };

/**
 * Writes a letter once more: with a new link where it brings one, so that the older works no more, else with the same words. Throws
 * Refused when it is still on its way or is not so any more, TryLater when its reader was sent letters again just now.
 */
export async function resendLetter(db: Db, by: Doer, id: number): Promise<Resent> {
  assertCan(by, 'resend mail');
  return db.transaction(async (trx) => {
    const letter = await findLetter(trx, id);
    const reader = letter.userId === null ? null : await holdAddressee(trx, letter.userId);
    if (!reader) await trx('letters').where({ id }).forUpdate().first('id');
    await assertSendable(trx, letter, reader);
    await assertNotTooOften(trx, letter);
    const link = await renewedLink(trx, letter, reader);
    const address = link?.email ?? letter.address;
    const again = { kind: letter.kind as LetterKind, data: letter.data, user: reader, address, ...(link ? { link } : {}) };
    const [resent] = await enqueueLetter(trx, again, { resentOf: id });
    if (!resent) throw new Refused(`${reader?.name ?? address} has turned off letters of this kind.`);
    await record(trx, by, 'letter.resent', reader, { facts: { letter: id, about: letter.kind } });
    return { address, isUnsent: !(await readSettings(trx)).outgoingMail };
  });
}

async function assertSendable(trx: Trx, { kind, state, data, linkCounter }: Letter, reader: Addressee | null): Promise<void> {
  const template = templateOrNull(kind);
  if (!template) throw new Refused('This release does not know letters of this kind.');
  if (state === 'queued') throw new Refused('It is still on its way.');
  if (linkCounter === null && !(await readSettings(trx)).outgoingMail) throw new Refused('Outgoing mail is off.');
  if (reader?.isDeleted && !template.isForDeleted) throw new Refused(`${reader.name} is deleted.`);
  if (reader && template.stillHolds?.(reader, data) === false)
    throw new Refused(`What it says is not so any more: ${reader.name} has been changed since.`);
}

/** Who holds the reader's row (or the letter's) sees what others have just sent again. */
async function assertNotTooOften(trx: Trx, { userId, linkId, address }: Letter): Promise<void> {
  const lately = await trx('letters')
    .where(userId === null ? { userId, linkId, address } : { userId })
    .whereNotNull('resentOf')
    .whereRaw(`created_at > now() - interval '1 hour'`)
    .orderBy('id', 'desc')
    .limit(mostInAnHour)
    .select(trx.raw('extract(epoch from now() - created_at)::int as seconds'));
  const latest = lately[0]?.seconds ?? 3600;
  const wait = lately.length === mostInAnHour ? 3600 - lately[mostInAnHour - 1].seconds : 60 - latest;
  if (wait <= 0) return;
  const text = wait > 60 ? `${Math.ceil(wait / 60)} minutes` : 'a minute';
  throw new TryLater(`A letter has just been sent again to the same reader. Try again in ${text}.`, {
    status: 429,
    seconds: wait,
  });
}

/** A new link for the present address of the account; a change of address and an invitation stay with the address they are about. */
async function renewedLink(trx: Trx, { linkId, linkCounter }: Letter, reader: Addressee | null): Promise<Link | null> {
  if (linkCounter === null) return null;
  const found = linkId === null ? null : await linkByIdOrNull(trx, linkId);
  if (!found) throw new Refused('The link that it brought is gone.');
  const { purpose, email, userId, invitationId } = found.link;
  const why = whyNoUse({ reader, found });
  if (why) throw new Refused(why);
  if (invitationId !== null) return issueLink(trx, purpose, { invitationId, email });
  return issueLink(trx, purpose, {
    userId: userId as number,
    email: purpose === 'email-change' ? email : (reader?.email ?? email),
  });
}
