import { system } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { type Seen, type Showing, seePasskey, usePasskey } from '../passkeys/show.ts';
import { describeAgent } from '../sessions/agent.ts';
import { knowsBrowser } from '../users/browsers.ts';
import { type User, userColumns } from '../users/user.ts';
import { beginSession, type Entry } from './begin.ts';
import { mayEnter } from './conditions.ts';

/** The same words whatever was wrong. */
const refusal =
  'That passkey did not work. Sign in with your password instead. If the passkey is one of yours, the account may be locked, expired or not active: an administrator can tell.';

/**
 * Signs in whoever holds a passkey and was recognised by its device: both factors at once, so no password is asked. The account must
 * let in as it must with the right password; a locked one does so only from browsers that it knows. Throws Invalid with the same
 * words when the passkey is unknown, anything about it is wrong, or the account does not let in.
 */
export async function signInByPasskey(db: Db, entry: Entry, showing: Showing): Promise<void> {
  const seen = await seePasskey(db, { ...showing, isVerified: true });
  if (seen && (await enter(db, entry, seen))) return;
  if (seen) await noteFailure(db, entry, seen);
  throw new Invalid({ '': refusal });
}

async function enter(db: Db, entry: Entry, seen: Seen): Promise<boolean> {
  return db.transaction(async (trx) => {
    const user: User | undefined = await trx('users').where({ id: seen.passkey.userId }).forUpdate().first(userColumns(trx));
    if (!user || !mayEnter(user, await knowsBrowser(trx, user.id, entry.browser))) return false;
    if (!(await usePasskey(trx, seen))) return false;
    await beginSession(trx, user, entry, 'passkey');
    return true;
  });
}

/** Nobody guesses a signature, so it counts against no account; but the history shows it, a copied passkey above all. */
async function noteFailure(db: Db, { address, agent }: Entry, { passkey }: Seen): Promise<void> {
  await db.transaction(async (trx) => {
    const user = await trx('users').where({ id: passkey.userId }).first('id', 'username');
    const by = { ...system('visitor'), address };
    const facts = { by: 'passkey', name: passkey.name, device: describeAgent(agent) };
    await record(trx, by, 'sign-in.failed', user, { outcome: 'failed', facts });
  });
}
