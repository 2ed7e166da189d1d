import type { Actor, Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { clock, type Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { readSettings } from '../settings/settings.ts';
import { assertOwnPassword } from '../signin/confirm.ts';
import { actUpon, type ManyAct } from '../users/act.ts';
import { type Belonging, type Consequence, consequencesOf } from '../users/belongings.ts';
import { deleteAct } from '../users/remove.ts';
import { assertLive, findUser, type User } from '../users/user.ts';
import { momentIn } from '../web/time.ts';

type Belongings = readonly Belonging[];

/** What goes with the own account, and whether its username must be typed to delete it. */
export type OwnRemoval = { user: User; consequences: Consequence[]; asksUsername: boolean; restoreDays: number };

/** Throws as `deleteOwnAccount` would before anything is typed. Changes nothing. */
export async function foreseeOwnRemoval(db: Db, actor: Actor, belongings: Belongings): Promise<OwnRemoval> {
  const user = await findUser(db, actor.username);
  assertOwnDeletable(actor, user);
  const consequences = await consequencesOf(db, [user], belongings);
  const asksUsername = user.balanceMinor !== 0 || consequences.some(({ isMade }) => isMade);
  const { restoreDays } = await readSettings(db);
  return { user, consequences, asksUsername, restoreDays };
}

type Typed = { password: string; username: string };

/**
 * Deletes the actor's own account, as an administrator would: its sessions end, and administrators can restore it for 30 days
 * (setting). Throws Invalid with a word on `your_password` or `typed_username`, TryLater after too many wrong passwords, Refused
 * for whoever signs in at the identity provider.
 */
export async function deleteOwnAccount(db: Db, actor: Actor, typed: Typed, belongings: Belongings): Promise<void> {
  const { user, asksUsername, restoreDays } = await foreseeOwnRemoval(db, actor, belongings);
  if (asksUsername && typed.username !== user.username)
    throw new Invalid({ typed_username: `Type ${user.username} to confirm.` });
  await assertOwnPassword(db, actor, { password: typed.password });
  const told = { at: momentIn(user.timeZone)(await clock(db)), restoreDays: String(restoreDays) };
  await actUpon(db, actor, ownDeleteAct(belongings), user.username, told);
}

type Told = { at: string; restoreDays: string };

const ownDeleteAct = (belongings: Belongings): ManyAct<Told> => ({
  ...deleteAct(belongings),
  act: 'delete own account',
  recordedAs: 'account.deleted',
  assertPossible: assertOwnDeletable,
  letter: ({ username }, told) => ({ kind: 'account-deleted', data: { username, ...told } }),
});

function assertOwnDeletable(by: Doer, user: User): void {
  assertCan(by, 'delete own account', user);
  assertLive(user);
  if (user.identitySource === 'federated')
    throw new Refused(
      'You sign in at the identity provider, so there is no password to confirm this with. Ask an administrator.',
    );
}
