import { type Author, system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import { credentialsOf } from '../users/credentials.ts';
import { addressesAmongNames, isReserved, nameNeeded, nameOf, type PersonFields } from '../users/fields.ts';
import { freePlaces } from '../users/limit.ts';
import { passwordProblem } from '../users/password.ts';
import { assertUsernameFree, asTaken, holderOf } from '../users/taken.ts';
import type { User } from '../users/user.ts';
import { sendVerification } from '../users/verifylink.ts';
import { tellHolder } from './holder.ts';
import { limitNames, limitNetwork, mayWriteTo } from './limits.ts';
import { assertMode } from './modes.ts';
import { tellAdministrators } from './requests.ts';

/** What somebody says who registers: nothing that only administrators say. */
export type Registration = PersonFields & { username: string; password: string };

/** From where it comes. */
export type From = { address: string; requestId: string | null };

/**
 * Makes a customer: Requested while approval is on, else Active, and unverified until the link that is mailed has been used. When the
 * address is somebody's already nothing is made and that somebody is told, but nobody else: it ends as if there had been nobody, after
 * the same time; so it does when an address has been entered too often. Throws Forbidden while registration is not open, Invalid with
 * a sentence per field, also when the username is taken, Refused at the account limit, TryLater when a network registers, or tries
 * names, too often.
 */
export async function register(db: Db, from: From, registration: Registration): Promise<void> {
  await assertMode(db, 'open');
  assertComplete(registration);
  await limitNames(db, from.address);
  await assertUsernameFree(db, registration.username);
  await limitNetwork(db, from.address);
  const mayWrite = await mayWriteTo(db, registration.email);
  const { password, ...person } = registration;
  const credentials = await credentialsOf(db, { by: 'now', password });
  if (!mayWrite) return;
  const enter = async (trx: Trx) => {
    await takePlace(trx);
    await assertUsernameFree(trx, person.username);
    const holder = await holderOf(trx, person.email);
    if (holder) await tellHolder(trx, visitor(from), holder);
    else await insert(trx, from, person, credentials);
  };
  await db.transaction(enter).catch(asTaken);
}

/** Who does what nobody has signed in for. */
export const visitor = ({ address, requestId }: From): Author => ({ ...system('visitor'), address, requestId });

type Credentials = Awaited<ReturnType<typeof credentialsOf>>;

async function insert(trx: Trx, from: From, person: Omit<Registration, 'password'>, credentials: Credentials): Promise<void> {
  const { approval } = await readSettings(trx);
  const row = { ...person, name: nameOf(person), state: approval ? 'STATE_REQUESTED' : 'STATE_APPROVED' } as const;
  const [user]: User[] = await trx('users')
    .insert({ ...row, ...credentials })
    .returning('*');
  if (!user) throw new Error('The account was not inserted.');
  const by = { id: user.id, username: user.username, sessionId: null, ...from };
  await record(trx, by, 'user.registered', user, { changes: changesBetween({}, row) });
  await sendVerification(trx, by, user, { kind: 'registered', waits: approval });
  if (approval) await tellAdministrators(trx, user);
}

function assertComplete({ password, ...person }: Registration): void {
  const problems = addressesAmongNames(person);
  if (isReserved(person.username)) problems.username = 'This word is reserved; choose another.';
  if (!nameOf(person)) problems.name = nameNeeded;
  const problem = passwordProblem(password, person);
  if (problem) problems.password = problem;
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
}

/** Asked before the address is looked at: at the limit the known and the unknown are told the same. */
async function takePlace(trx: Trx): Promise<void> {
  if ((await freePlaces(trx)) >= 1) return;
  throw new Refused('All accounts of this console are in use, so nobody can register at present. Ask an administrator.');
}
