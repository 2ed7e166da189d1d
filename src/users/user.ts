import type { Profile } from '../access/profiles.ts';
import type { State } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';

/** A row of `users`, with the database clock's word on what has expired. */
export type User = {
  id: number;
  username: string;
  email: string;
  emailVerifiedAt: Date | null;
  name: string;
  firstName: string;
  lastName: string;
  organization: string;
  phone: string;
  userType: 'individual' | 'legal_entity';
  unp: string;
  legalAddress: string;
  postalAddress: string;
  bank: string;
  bankAccount: string;
  additionalInfo: string;
  preferredMap: string;
  description: string;
  profile: Profile;
  state: State;
  stateReason: string;
  lockedAt: Date | null;
  /** From a lock until the first sign-in after it, of which the user is told. */
  wasLocked: boolean;
  expiresAt: Date | null;
  lastSignInAt: Date | null;
  /** When the rule for dormant accounts warned the user or deactivated it, and when the next thing follows. */
  dormantAt: Date | null;
  dormantDueAt: Date | null;
  registeredAt: Date;
  updatedAt: Date;
  passwordHash: string | null;
  passwordUpdatedAt: Date | null;
  mustChangePassword: boolean;
  singleUseExpiresAt: Date | null;
  identitySource: 'local' | 'federated';
  /** Since when a second step follows the password; null when none does. */
  twoFactorSince: Date | null;
  /** Names of the groups that it is in, with commas between. */
  groups: string;
  timeZone: string;
  theme: 'system' | 'light' | 'dark';
  balanceMinor: number;
  /** Since when it is below what the settings call low, as its user was told. */
  balanceLowSince: Date | null;
  /** Until when the balance pays what renews itself; null where nothing does. */
  lastsUntil: Date | null;
  /** How many things it owns. */
  things: number;
  version: number;
  deletedAt: Date | null;
  isExpired: boolean;
  /** True when a single-use password has waited too long for its sign-in. */
  isSingleUseOver: boolean;
};

export const isVerified = (user: User) => user.emailVerifiedAt !== null;

/** False as long as no password could let the user in. */
export const hasPassword = (user: User) => user.passwordHash !== null && !user.isSingleUseOver;

/** False also while a password of somebody else's making waits to be replaced. */
export const hasOwnPassword = ({ passwordHash, mustChangePassword }: Pick<User, 'passwordHash' | 'mustChangePassword'>) =>
  passwordHash !== null && !mustChangePassword;

/** Who is to come in by a link that activates the account. */
export const isToActivate = ({ state }: Pick<User, 'state'>) => state === 'STATE_INVITED' || state === 'STATE_INACTIVE';

/** Signing in with a single-use password marks it so: only the session that it opened can replace it. */
export const isSingleUseSpent = (user: User) => user.singleUseExpiresAt?.getTime() === 0;

/** The account in the terms of access rules. */
export const accountOf = (user: User) => ({ ...user, isVerified: isVerified(user), isDeleted: user.deletedAt !== null });

/** Every column, and what has expired by the database's clock. */
export const userColumns = (db: Db) => [
  'users.*',
  db.raw('coalesce(users.expires_at <= now(), false) as is_expired'),
  db.raw('coalesce(users.single_use_expires_at <= now(), false) as is_single_use_over'),
  db.raw(groupsColumn),
];

/** Names hold no commas. */
export const groupsColumn = `(
  select coalesce(string_agg(g.name, ', ' order by fold(g.name)), '') from group_users m join groups g on g.id = m.group_id
  where m.user_id = users.id) as groups`;

/** The user of this name, deleted ones included. Throws NotFound. */
export async function findUser(db: Db, username: string): Promise<User> {
  const user = await db('users').where({ username }).first(userColumns(db));
  return user ?? unknown();
}

/** The user, locked until the transaction ends: what is written from it is what was read. Throws NotFound. */
export async function holdUser(trx: Trx, username: string): Promise<User> {
  const user = await trx('users').where({ username }).forUpdate().first(userColumns(trx));
  return user ?? unknown();
}

/** The users of these ids, locked in the order of their ids: whoever holds many holds them in this order. The purged are left out. */
export async function holdUsers(trx: Trx, ids: number[]): Promise<User[]> {
  return trx('users').whereRaw('id = any(?)', [ids]).orderBy('id').forUpdate().select(userColumns(trx));
}

export const idsOf = (users: User[]) => users.map(({ id }) => id);

/** Writes the same to each of these users, in one statement. */
export async function updateUsers(trx: Trx, users: User[], values: object): Promise<void> {
  await trx('users')
    .whereRaw('id = any(?)', [idsOf(users)])
    .update({ ...values, ...touched(trx) });
}

/** Every write of a user counts its version up, so that a form that was opened before can tell. */
export const touched = (trx: Trx) => ({ updatedAt: trx.raw('now()'), version: trx.raw('version + 1') });

/** Throws NotFound when the user is deleted: it can be restored or purged, nothing else. */
export function assertLive(user: User): void {
  if (user.deletedAt) throw new NotFound('This user is deleted; restore it first.');
}

function unknown(): never {
  throw new NotFound('There is no such user.');
}
