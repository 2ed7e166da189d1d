import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { State } from '../access/standing.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { changesBetween, type Person, record } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import { sendActivation } from './activation.ts';
import { assertMayBeSingleUse, credentialsOf, type NewPassword } from './credentials.ts';
import { nameNeeded, nameOf, type UserFields } from './fields.ts';
import { groupsAfter, namesIn, writeGroups } from './groups.ts';
import { takePlaces } from './limit.ts';
import { passwordProblem } from './password.ts';
import { assertFree, asTaken } from './taken.ts';
import { sendVerification } from './verifylink.ts';

/** Who was added, and the number of that act in the history, by which it is undone. */
export type Added = Person & { historyId: number };

/** How the user gets in: with the password given, or by a link with which it chooses one. */
export type Access = NewPassword | { by: 'activation_mail' };

export type NewUser = UserFields & { enabled: boolean; access: Access; groups?: string | undefined };

/**
 * Adds a user: Active, or Invited with its activation letter; or Inactive, without any letter, when not enabled. Whose address is
 * not verified is asked to verify it. Throws Invalid with a sentence per field, also when the username or the email is taken, and
 * Refused at the account limit; then nothing is added. `assertFirst` may refuse it from within the transaction.
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
  const credentials = fields.access.by === 'activation_mail' ? {} : await credentialsOf(db, fields.access);
  const add = async (trx: Trx) => {
    await assertFirst(trx);
    return insertUser(trx, by, fields, credentials);
  };
  return db.transaction(add).catch(asTaken);
}

async function insertUser(trx: Trx, by: Doer, fields: NewUser, credentials: object): Promise<Added> {
  await takePlaces(trx, 1);
  await assertFree(trx, fields);
  const { outgoingMail } = await readSettings(trx);
  const { enabled, access, emailVerified, groups: wanted, ...rest } = fields;
  if (access.by === 'single_use') assertMayBeSingleUse(outgoingMail);
  const groups = await groupsAfter(trx, { profile: fields.profile, groups: '' }, { groups: wanted });
  const row = { ...rest, name: nameOf(fields), state: stateOf(fields) };
  // With outgoing mail off an address that an administrator enters counts as verified: nothing could verify it.
  const isVerified = emailVerified || !outgoingMail;
  const [user] = await trx('users')
    .insert({ ...row, ...credentials, emailVerifiedAt: isVerified ? trx.raw('now()') : null })
    .returning('*');
  await writeGroups(trx, user.id, namesIn(groups));
  const hasNone = access.by === 'activation_mail' && !enabled;
  const facts = {
    passwordBy: hasNone ? 'none' : access.by,
    ...('mustChange' in access && access.mustChange ? { mustChange: true } : {}),
  };
  const historyId = await record(trx, by, 'user.added', user, { changes: changesBetween({}, { ...row, groups }), facts });
  if (user.state === 'STATE_INVITED') await sendActivation(trx, user, historyId);
  else if (!isVerified) await sendVerification(trx, by, user, { historyId });
  return { id: user.id, username: user.username, historyId };
}

/** Who is not enabled has no use for a link yet. */
function stateOf({ enabled, access }: NewUser): State {
  if (!enabled) return 'STATE_INACTIVE';
  return access.by === 'activation_mail' ? 'STATE_INVITED' : 'STATE_APPROVED';
}

function problemsOf({ access, ...fields }: NewUser): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!nameOf(fields)) problems.name = nameNeeded;
  if (access.by === 'activation_mail') return problems;
  const problem = passwordProblem(access.password, fields, access.by === 'single_use');
  if (problem) problems.password = problem;
  return problems;
}
