import type { Doer } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, NotFound, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { assertFree } from './add.ts';
import { keepAnAdministrator } from './administrators.ts';
import { nameOf, type PersonFields, type UserFields } from './fields.ts';
import { holdUser, type User } from './user.ts';

export type UserEdit = Omit<UserFields, 'username'> & { version: number };
export type OwnEdit = PersonFields & { version: number };

/** Somebody saved the same user in between: both versions, and nothing was written. */
export class Conflict extends Refused {
  readonly current: User;

  constructor(current: User) {
    super('Somebody else changed this user in the meantime.');
    this.current = current;
  }
}

/**
 * Writes an administrator's edit. Throws Conflict when `version` is no longer the user's, Invalid for fields to mend, Refused
 * when it would demote or end oneself or the last able administrator. Saving what is already so changes nothing.
 */
export async function editUser(
  db: Db,
  by: Doer,
  username: string,
  { version, emailVerified, ...fields }: UserEdit,
): Promise<void> {
  await db.transaction(async (trx) => {
    const user = await holdCurrent(trx, username, version);
    if (user.id === by.id) assertNotUponSelf(user, fields);
    const wasVerified = user.emailVerifiedAt !== null;
    const emailVerifiedAt = emailVerified === wasVerified ? user.emailVerifiedAt : emailVerified ? await clock(trx) : null;
    await writeFields(trx, by, user, { ...fields, emailVerifiedAt });
    if (user.profile === 'administrator') await keepAnAdministrator(trx);
  });
}

/** Writes what a user says about itself, under the same rules; the address counts at once while outgoing mail is off. */
export async function editOwnProfile(db: Db, by: Doer, username: string, { version, ...fields }: OwnEdit): Promise<void> {
  await db.transaction(async (trx) => {
    const user = await holdCurrent(trx, username, version);
    await writeFields(trx, by, user, fields, 'account.edited');
  });
}

async function holdCurrent(trx: Trx, username: string, version: number): Promise<User> {
  const user = await holdUser(trx, username);
  if (user.deletedAt) throw new NotFound('This user is deleted; restore it before you change it.');
  if (user.version !== version) throw new Conflict(user);
  return user;
}

type Writable = Partial<Omit<User, 'id' | 'username' | 'version'>> & PersonFields;

async function writeFields(trx: Trx, by: Doer, user: User, fields: Writable, act = 'user.edited'): Promise<void> {
  const name = nameOf(fields);
  if (!name) throw new Invalid({ name: 'A name is needed: this one, a first or last name, or an organization.' });
  const changes = changesBetween(user, { ...fields, name });
  if (Object.keys(changes).length === 0) return;
  if (changes.email) await assertFree(trx, { email: fields.email }, user.id);
  await trx('users')
    .where({ id: user.id })
    .update({ ...fields, name, ...touched(trx) });
  await record(trx, by, act, user, { changes });
}

/** Every write of a user counts its version up, so that a form that was opened before can tell. */
export const touched = (trx: Trx) => ({ updatedAt: trx.raw('now()'), version: trx.raw('version + 1') });

function assertNotUponSelf(user: User, fields: Pick<UserEdit, 'profile' | 'expiresAt'>): void {
  if (fields.profile !== user.profile) throw new Refused('You cannot change your own profile; another administrator can.');
  if (fields.expiresAt) throw new Refused('You cannot set a day on which your own account ends; another administrator can.');
}

async function clock(trx: Trx): Promise<Date> {
  const { rows } = await trx.raw('select now() as now');
  return rows[0].now;
}
