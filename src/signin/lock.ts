import type { System } from '../access/actor.ts';
import { clock, now, type Trx } from '../ground/database.ts';
import { networkOf } from '../ground/networks.ts';
import { record } from '../history/record.ts';
import { readHistory } from '../history/timeline.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { describeAgent } from '../sessions/agent.ts';
import { readSettings } from '../settings/settings.ts';
import { hasOtherAdministrator } from '../users/administrators.ts';
import { type User, userColumns } from '../users/user.ts';
import { momentIn } from '../web/time.ts';
import { mayEnter } from './conditions.ts';

/** What was wrong at last: whoever comes to the second step has known the password. */
export type Step = 'password' | 'code' | 'passkey';

/**
 * Locks an account whose tries are used up, and tells its user by mail; twice is as once. Whom nothing lets in anyway is not
 * locked. The last able administrator is never locked: it waits until its tries are forgotten.
 */
export async function lockUser(trx: Trx, userId: number, { by, step }: { by: System; step: Step }): Promise<void> {
  const user: User | undefined = await trx('users').where({ id: userId, lockedAt: null }).forUpdate().first(userColumns(trx));
  if (!user || !mayEnter(user, false)) return;
  if (user.profile === 'administrator' && !(await hasOtherAdministrator(trx, userId))) return;
  await trx('users')
    .where({ id: userId })
    .update({ lockedAt: now(trx), wasLocked: true });
  await record(trx, by, 'user.locked', user);
  const kind = step === 'password' ? 'locked' : 'locked-at-second-step';
  await enqueueLetter(trx, { kind, user, data: await whatHappened(trx, user) });
}

/** When, how often and from where: nothing in it is the word of whoever tried. */
async function whatHappened(trx: Trx, user: User) {
  const { lockFailures, lockMinutes } = await readSettings(trx);
  const failed = await readHistory(trx, { userId: user.id, act: 'sign-in.failed' }, { limit: lockFailures });
  const networks = [...new Set(failed.map(({ address }) => networkOf(address ?? '')))];
  return {
    at: momentIn(user.timeZone)(await clock(trx)),
    tries: String(lockFailures),
    minutes: String(lockMinutes),
    networks: networks.slice(0, mostNetworks).join(', '),
    more: networks.length > mostNetworks ? String(networks.length - mostNetworks) : '',
  };
}

/** A letter that names more of them says no more. */
const mostNetworks = 5;

/**
 * Tells a user by mail of the first sign-in after a lock was lifted: it may have been the one who had tried. Says whether there was
 * anything to tell.
 */
export async function tellOfEntry(trx: Trx, user: User, from: { address: string; agent: string }): Promise<boolean> {
  if (!user.wasLocked || user.lockedAt) return false;
  await trx('users').where({ id: user.id }).update({ wasLocked: false });
  const data = {
    at: momentIn(user.timeZone)(await clock(trx)),
    device: describeAgent(from.agent),
    network: networkOf(from.address),
  };
  await enqueueLetter(trx, { kind: 'entered-after-lock', user, data });
  return true;
}
