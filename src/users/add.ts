import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { changesBetween, type Person, record } from '../history/record.ts';
import { credentialsOf, type NewPassword } from './credentials.ts';
import { nameOf, type UserFields } from './fields.ts';
import { groupsAfter, namesIn, writeGroups } from './groups.ts';
import { takePlaces } from './limit.ts';
import { passwordProblem } from './password.ts';
import { assertFree, asTaken } from './taken.ts';

/** Who was added, and the number of that act in the history, by which it is undone. */
export type Added = Person & { historyId: number };

export type NewUser = UserFields & { enabled: boolean; access: NewPassword; groups?: string | undefined };

/**
 * Adds a user: Active, or Inactive when not enabled. Throws Invalid with a sentence per field, also when the username or the
 * email is taken, and Refused at the account limit; then nothing is added. `assertFirst` may refuse it from within the transaction.
 */
export async function addUser(
  db: Db,
  by: Doer,
  fields: NewUser,
  assertFirst: (trx: Trx) => Promise<void> = async () => {},
): Promise<Added> {
  assertCan(by, 'add user');
  if (fields.profile === 'administrator') assertConfirmed(by);
  const problems = problemsOf(fields);
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  const credentials = await credentialsOf(db, fields.access);
  const add = async (trx: Trx) => {
    await assertFirst(trx);
    return insertUser(trx, by, fields, credentials);
  };
  return db.transaction(add).catch(asTaken);
}

async function insertUser(trx: Trx, by: Doer, fields: NewUser, credentials: Credentials): Promise<Added> {
  await takePlaces(trx, 1);
  await assertFree(trx, fields);
  const { enabled, access, emailVerified, groups: wanted, ...rest } = fields;
  const groups = await groupsAfter(trx, { profile: fields.profile, groups: '' }, { groups: wanted });
  const row = { ...rest, name: nameOf(fields), state: enabled ? 'STATE_APPROVED' : 'STATE_INACTIVE' };
  // With outgoing mail off an address that an administrator enters counts as verified: nothing could verify it.
  const [user] = await trx('users')
    .insert({ ...row, ...credentials, emailVerifiedAt: trx.raw('now()') })
    .returning(['id', 'username']);
  await writeGroups(trx, user.id, namesIn(groups));
  const details = { changes: changesBetween({}, { ...row, groups }), facts: { passwordBy: access.by } };
  return { ...user, historyId: await record(trx, by, 'user.added', user, details) };
}

function problemsOf({ access, ...fields }: NewUser): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!nameOf(fields)) problems.name = 'A name is needed: this one, a first or last name, or an organization.';
  const problem = passwordProblem(access.password, fields, access.by === 'single_use');
  if (problem) problems.password = problem;
  return problems;
}

type Credentials = Awaited<ReturnType<typeof credentialsOf>>;
