import { system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { issueLink } from '../links/links.ts';
import type { LetterKind } from '../mail/catalogue.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { findByIdentifier } from '../signin/signin.ts';
import { remindOfActivation } from '../users/activation.ts';
import { countAttempt, fromNetworkKey, ofAccountKey } from '../users/attempts.ts';
import { holdUsers, type User } from '../users/user.ts';

/** In an hour: from one network, over all accounts; and for one account. What comes after is not answered, and not told apart. */
const most = { perNetwork: 20, perAccount: 3 };

export type Asked = { identifier: string; address: string };

/** True while this network may still ask for mails to others' addresses; counts this time. */
export const mayAsk = async (db: Db, address: string): Promise<boolean> =>
  (await countAttempt(db, fromNetworkKey('forgotten', address), 60)) <= most.perNetwork;

/**
 * Takes down that somebody has forgotten a password; the worker answers it. It does the same for everybody and looks at no account,
 * so neither what it says nor how long it takes tells who has one.
 */
export async function askForPassword(db: Db, asked: Asked): Promise<void> {
  if (await mayAsk(db, asked.address)) await db('forgotten').insert(asked);
}

/** Answers those who have asked, each once, by a letter to the address of the account that they mean, if there is one. */
export async function answerForgotten(db: Db): Promise<void> {
  await db('forgotten').whereRaw(`asked_at < now() - interval '1 hour'`).delete(); // Nobody waits for these any more.
  const failed: unknown[] = [];
  for (const id of await db('forgotten').orderBy('id').pluck('id'))
    await db.transaction((trx) => answer(trx, id)).catch((error) => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, 'Some who have forgotten their password got no answer.');
}

/** Whoever deletes it answers it: of two workers the second finds nothing. */
async function answer(trx: Trx, id: number): Promise<void> {
  const [asked]: Asked[] = await trx('forgotten').where({ id }).delete().returning(['identifier', 'address']);
  const found = asked && (await findByIdentifier(trx, asked.identifier));
  const [user] = found ? await holdUsers(trx, [found.id]) : [];
  if (!asked || !user || user.deletedAt) return;
  if ((await countAttempt(trx, ofAccountKey('forgotten', user.id), 60)) > most.perAccount) return;
  await record(trx, { ...system('visitor'), address: asked.address }, 'account.password-forgotten', user);
  await writeTo(trx, user);
}

/** The letter that says why no password of ours would let this user in; null where one would. */
function whyClosed({ identitySource, state, isExpired }: User): LetterKind | null {
  if (identitySource === 'federated') return 'forgotten-elsewhere';
  return state === 'STATE_INACTIVE' || isExpired ? 'forgotten-not-active' : null;
}

/** The link that this account is open for, or why there is none. */
async function writeTo(trx: Trx, user: User): Promise<void> {
  const data = { username: user.username };
  const closed = whyClosed(user);
  if (closed) return void (await enqueueLetter(trx, { kind: closed, user, data }));
  if (user.state === 'STATE_INVITED') return remindOfActivation(trx, user);
  const link = await issueLink(trx, 'reset', { userId: user.id, email: user.email });
  await enqueueLetter(trx, { kind: 'reset', user, data, link });
}
