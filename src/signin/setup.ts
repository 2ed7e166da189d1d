import { type Doer, system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import { isSame, keyed } from '../ground/secrets.ts';
import { addUser } from '../users/add.ts';
import { blankPerson, type PersonFields } from '../users/fields.ts';

export type FirstAdministrator = Pick<PersonFields, 'email' | 'name'> & { username: string; password: string };

/** The word in the logged link that opens /setup: the same in every process of this installation. */
export const setupToken = (secret: string) => keyed(secret, 'setup', '').toString('base64url');

export const isSetupToken = (secret: string, token: unknown) =>
  typeof token === 'string' && isSame(Buffer.from(token), Buffer.from(setupToken(secret)));

export async function needsSetup(db: Db): Promise<boolean> {
  return (await db('users').where({ profile: 'administrator', deletedAt: null }).first('id')) === undefined;
}

/** Makes the first administrator. Throws NotFound when there is one already, Invalid for fields to mend. */
export async function createFirstAdministrator(
  db: Db,
  { username, email, name, password }: FirstAdministrator,
  by: Doer = system('setup'),
): Promise<void> {
  const person = { ...blankPerson, username, email, name: name || username, description: '' };
  const rights = { profile: 'administrator', expiresAt: null, emailVerified: true, enabled: true } as const;
  await addUser(db, by, { ...person, ...rights, access: { by: 'now', password } }, assertFirst);
}

/** Of several at once the counter of accounts lets one through after the other. */
async function assertFirst(trx: Trx): Promise<void> {
  await trx('accountCounter').forUpdate().first();
  if (!(await needsSetup(trx))) throw new NotFound('There is an administrator already. Sign in instead.');
}
