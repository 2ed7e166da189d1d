import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import { actUpon, type Done, type ManyAct } from './act.ts';
import type { Belonging } from './belongings.ts';
import { noPlaceLeft, readPlaces } from './limit.ts';
import { assertDeleted } from './remove.ts';
import { asTaken, emailTaken, holdersOf } from './taken.ts';
import { idsOf, type User, updateUsers } from './user.ts';

/** Another address, for one user whose own is taken by now. */
type Input = { email?: string };

/** Brings deleted users back in the states they had, with what belongs to them, as many as there are places. */
export const restoreAct = (belongings: readonly Belonging[]): ManyAct<Input> => ({
  act: 'restore user',
  recordedAs: 'user.restored',
  shape: {},
  changesCount: true,
  assertPossible: (by, user) => {
    assertCan(by, 'restore user', user);
    assertDeleted(user);
  },
  obstacles: obstaclesToRestoring,
  apply: async (trx, users, { email }) => {
    await updateUsers(trx, users, { deletedAt: null, ...(email ? { email } : {}) });
    for (const { bringBack } of belongings) await bringBack?.(trx, users);
    return users.map((user) => ({ user, details: { changes: changesBetween({ email: user.email }, email ? { email } : {}) } }));
  },
  letter: (user, { email }) => ({ kind: 'restored', address: email || user.email }),
});

/** Why some of these deleted users cannot be brought back as things are now. */
export async function obstaclesToRestoring(db: Db, users: User[], { email }: Input): Promise<Obstacles> {
  const late = await tooLateAmong(db, users);
  const inTime = users.filter(({ id }) => !late.has(id));
  const obstacles = new Map([...late, ...(await takenAmong(db, inTime, email))]);
  const { limit, used, url } = await readPlaces(db);
  const others = users.filter(({ id }) => !obstacles.has(id));
  const surplus = limit > 0 ? others.slice(Math.max(limit - used, 0)) : [];
  return new Map([...obstacles, ...surplus.map(({ id }) => [id, noPlaceLeft({ limit, url })] as const)]);
}

/**
 * Brings a deleted user back in the state it had. Throws Invalid with a word on `email` when its address is another user's by
 * now and no free one is given, and Refused at the account limit or when the days for restoring are over.
 */
export const restoreUser = (db: Db, by: Doer, { username, newEmail = '', belongings }: Restoring): Promise<Done> =>
  actUpon(db, by, restoreAct(belongings), username, { email: newEmail }).catch(asTaken);

type Restoring = { username: string; newEmail?: string; belongings: readonly Belonging[] };

/** Throws Refused when the days in which this deleted user could be restored (a setting) are over. */
export async function assertRestorable(db: Db, user: User): Promise<void> {
  const tooLate = (await tooLateAmong(db, [user])).get(user.id);
  if (tooLate) throw tooLate;
}

type Obstacles = Map<number, Error>;

async function tooLateAmong(db: Db, users: User[]): Promise<Obstacles> {
  const { restoreDays } = await readSettings(db);
  const late = await db('users')
    .whereRaw('id = any(?) and deleted_at < now() - make_interval(days => ?)', [idsOf(users), restoreDays])
    .select('id', 'name');
  const sentence = (name: string) => `${name} was deleted more than ${restoreDays} days ago and can only be purged.`;
  return new Map(late.map(({ id, name }) => [id, new Refused(sentence(name))]));
}

/** An address is one user's: of two who held it in turn, the first of these users comes back. */
async function takenAmong(db: Db, users: User[], newEmail = ''): Promise<Obstacles> {
  if (newEmail) {
    const holders = await holdersOf(db, [newEmail]);
    return new Map(holders.size > 0 ? users.map(({ id }) => [id, new Invalid({ email: emailTaken })]) : []);
  }
  const holders = await holdersOf(
    db,
    users.map(({ email }) => email),
  );
  const taken: Obstacles = new Map();
  for (const { id, email } of users) {
    const address = email.toLowerCase();
    if (holders.has(address))
      taken.set(id, new Invalid({ email: `${email} is another user’s address by now. Restore the user with a different one.` }));
    holders.add(address);
  }
  return taken;
}
