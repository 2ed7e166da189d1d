import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { clock, type Db, type Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { isSameDay } from '../ground/fields.ts';
import { changesBetween, record } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { voidLinks } from '../links/links.ts';
import { enqueueLetter, enqueueLetters } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import type { Done } from './act.ts';
import { keepAnAdministrator } from './administrators.ts';
import { nameNeeded, nameOf, type PersonFields, type UserFields } from './fields.ts';
import { groupsAfter, namesIn, writeGroups } from './groups.ts';
import { assertFree, asTaken } from './taken.ts';
import { letterOfTerms } from './terms.ts';
import { assertLive, holdUser, isVerified, touched, type User } from './user.ts';
import { sendVerification } from './verifylink.ts';

/** Without `groups` they stay as they are. */
export type UserEdit = Omit<UserFields, 'username'> & { version: number; groups?: string | undefined };
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
 * when it would demote or end oneself or the last able administrator. Saving what is already so changes nothing; taking the
 * verification of the address away ends the user's sessions; a profile that holds no groups leaves them. Letters go to the
 * addresses that it concerns.
 */
export async function editUser(
  db: Db,
  by: Doer,
  username: string,
  { version, emailVerified, ...typed }: UserEdit,
): Promise<Done> {
  const change = async (trx: Trx) => {
    const user = await holdCurrent(trx, username, version);
    assertCan(by, 'edit user', user);
    const fields = { ...typed, groups: await groupsAfter(trx, user, typed) };
    if (opensConsole(user, fields)) assertConfirmed(by);
    const expiresAt = isSameDay(fields.expiresAt, user.expiresAt) ? user.expiresAt : fields.expiresAt;
    if (user.id === by.id) assertNotUponSelf(user, { ...fields, expiresAt, emailVerified });
    const emailVerifiedAt = emailVerified ? (user.emailVerifiedAt ?? (await clock(trx))) : null;
    const historyId = await writeFields(trx, by, user, { ...fields, expiresAt, emailVerifiedAt });
    const letter = letterOfTerms(user, { ...fields, expiresAt });
    if (historyId && letter)
      await enqueueLetter(trx, { ...letter, user: { id: user.id, email: fields.email } }, { historyIds: [historyId] });
    if (isVerified(user) && !emailVerified) await endSessions(trx, user.id);
    if (historyId) await writeToAddresses(trx, by, user, { email: fields.email, emailVerified, historyId });
    if (user.profile === 'administrator') await keepAnAdministrator(trx);
    return { user, historyId };
  };
  return db.transaction(change).catch(asTaken);
}

/** Writes what a user says about itself, under the same rules; but the address, which counts once its user has verified it. */
export async function editOwnProfile(
  trx: Trx,
  by: Doer,
  username: string,
  { version, email: _, ...fields }: OwnEdit,
): Promise<User> {
  assertCan(by, 'change own profile');
  const user = await holdCurrent(trx, username, version);
  await writeFields(trx, by, user, fields, 'account.edited');
  return user;
}

type Addressed = { email: string; emailVerified: boolean; historyId: number };

/**
 * The address that is left hears of it, unless it never was the user's; what was sent there opens nothing any more. One that is not
 * verified is asked to be, when it is new or was verified before.
 */
async function writeToAddresses(trx: Trx, by: Doer, user: User, { email, emailVerified, historyId }: Addressed): Promise<void> {
  const isLeft = email !== user.email;
  if (isLeft) await voidLinks(trx, [user.id], ['verification', 'email-change', 'reset', 'activation']);
  if (isLeft && isVerified(user)) {
    const data = { username: user.username, email };
    await enqueueLetters(trx, [{ kind: 'email-changed-by-administrator', user, data }], { historyIds: [historyId] });
  }
  if (!emailVerified && (isLeft || isVerified(user))) await sendVerification(trx, by, { ...user, email }, { historyId });
}

async function holdCurrent(trx: Trx, username: string, version: number): Promise<User> {
  const user = await holdUser(trx, username);
  assertLive(user);
  if (user.version !== version) throw new Conflict(user);
  return user;
}

type Writable = Partial<Omit<User, 'id' | 'username' | 'version'>> & Omit<PersonFields, 'email'>;

/** Says the number of the act in the history; null when nothing changes. */
async function writeFields(
  trx: Trx,
  by: Doer,
  user: User,
  fields: Writable,
  act: RecordedAct = 'user.edited',
): Promise<number | null> {
  const name = nameOf(fields);
  if (!name) throw new Invalid({ name: nameNeeded });
  const changes = changesBetween(user, { ...fields, name });
  if (Object.keys(changes).length === 0) return null;
  if (changes.email) await assertFree(trx, { email: fields.email }, user.id);
  const { groups, ...columns } = fields;
  await trx('users')
    .where({ id: user.id })
    .update({ ...columns, name, ...touched(trx) });
  if (changes.groups) await writeGroups(trx, user.id, namesIn(String(groups)));
  return record(trx, by, act, user, { changes });
}

/** Making an administrator, and another address of one, open the console to whoever has them: not by a borrowed session. */
export const opensConsole = (user: User, next: { profile?: unknown; email?: unknown }): boolean =>
  next.profile === 'administrator' && (user.profile !== 'administrator' || next.email !== user.email);

/** Throws Refused for what of an edit nobody does to itself. */
export function assertNotUponSelf(user: User, next: Pick<UserEdit, 'profile' | 'expiresAt' | 'emailVerified'>): void {
  if (next.profile !== user.profile) throw new Refused('You cannot change your own profile; another administrator can.');
  if (next.expiresAt !== user.expiresAt)
    throw new Refused('You cannot change the day on which your own account ends; another administrator can.');
  if (!next.emailVerified && isVerified(user))
    throw new Refused('You cannot take back that your own address is verified; another administrator can.');
}

/** The form knows days, not moments: an account that ends at noon keeps its noon as long as the day stays. */
