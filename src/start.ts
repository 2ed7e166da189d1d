import type pg from 'pg';
import { type Config, readConfig } from './ground/config.ts';
import { type Db, openDatabase } from './ground/database.ts';
import { type Embedded, startEmbedded } from './ground/embedded/start.ts';
import { Invalid } from './ground/errors.ts';
import { type Log, openLog } from './ground/log.ts';
import { migrate } from './ground/migrate.ts';
import { generatedSecret } from './ground/secrets.ts';
import { dropCopiedLetters } from './mail/copies.ts';
import { takeSettings } from './settings/settings.ts';
import { createFirstAdministrator, needsSetup } from './signin/setup.ts';
import { userFields } from './users/fields.ts';
import type { Context } from './web/context.ts';
import { readForm } from './web/form.ts';

/** A running ground: the databases are open and current. `close` gives everything back. */
export type Ground = { context: Context; ownerConnection: pg.PoolConfig; close(): Promise<void> };

type Addresses = { serving: string | pg.ClientConfig; owner: string | pg.ClientConfig; embedded: Embedded | null };

/** Opens the databases by the environment, brings them up to date and takes over what the environment sets. */
export async function openGround(env: NodeJS.ProcessEnv = process.env): Promise<Ground> {
  const config = readConfig(env);
  const log = openLog(config.logLevel);
  const addresses = await findDatabase(config);
  const owner = openDatabase(addresses.owner, { size: 4, patient: true });
  const db = openDatabase(addresses.serving);
  const close = async () => {
    await Promise.all([db.destroy(), owner.destroy()]);
    await addresses.embedded?.stop();
  };
  try {
    await migrate(owner, await roleOf(db));
    const context = contextFor(config, db, owner, log);
    await prepare(context);
    return { context, ownerConnection: poolConfig(addresses.owner), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function findDatabase({ databaseUrl, databaseOwnerUrl, dataDir }: Config): Promise<Addresses> {
  if (databaseUrl) return { serving: databaseUrl, owner: databaseOwnerUrl ?? databaseUrl, embedded: null };
  const embedded = await startEmbedded({ folder: dataDir });
  return { ...embedded, embedded };
}

async function roleOf(db: Db): Promise<string> {
  const { rows } = await db.raw('select current_user as role');
  return rows[0].role;
}

function contextFor(config: Config, db: Db, owner: Db, log: Log): Context {
  return { config, db, owner, log, secrets: config.sessionSecrets ?? [generatedSecret(config.dataDir)] };
}

async function prepare({ config, db, owner }: Context): Promise<void> {
  await dropCopiedLetters(owner);
  const { accountLimit, accountLimitUrl, smtpUrl, currency } = config;
  await takeSettings(db, { accountLimit, accountLimitUrl, outgoingMail: smtpUrl !== undefined, currency });
  if (config.firstAdministrator && (await needsSetup(db))) await makeAdministrator(db, config.firstAdministrator);
}

/** Problems are told under the names of the variables, for the person at the terminal. */
async function makeAdministrator(db: Db, given: NonNullable<Config['firstAdministrator']>): Promise<void> {
  try {
    const { username, email } = readForm(given, { username: userFields.username, email: userFields.email });
    await createFirstAdministrator(db, { username, email, name: username, password: given.password });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const lines = Object.entries(error.fields).map(([field, problem]) => `ROSTER_ADMIN_${field.toUpperCase()}: ${problem}`);
    throw new Error(lines.join(' '));
  }
}

const poolConfig = (address: string | pg.ClientConfig): pg.PoolConfig =>
  typeof address === 'string' ? { connectionString: address } : address;
