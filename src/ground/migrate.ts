import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import type { Db, Trx } from './database.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../migrations');

/** Any number; the same in every process that migrates. */
const migrationLock = 7_305_001;

/** What the serving role may add to but never alter; triggers hold the same line where there is one role alone. */
const appendOnly = ['history', 'history_words', 'history_chain', 'transactions', 'transaction_words', 'payments'];

/** Brings the database up to date. Any number of processes may call this at once: one works, the others wait. */
export async function migrate(owner: Db, servingRole: string): Promise<void> {
  const client = await owner.client.acquireConnection();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    // A newer database holds migrations that this code does not know: it serves all the same while the new release takes over.
    await owner.migrate.latest({ migrationSource, disableMigrationsListValidation: true });
    await owner.transaction((trx) => grant(trx, servingRole));
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => {}); // A lost connection has let go of it.
    await owner.client.releaseConnection(client);
  }
}

/** True when every migration that this code knows has run; a newer database also counts as current. */
export async function isCurrent(db: Db): Promise<boolean> {
  const run = await db('knex_migrations').pluck('name');
  return migrationNames().every((name) => run.includes(name));
}

/** In one transaction: nobody ever sees what is given to all tables before it is taken back from the history. */
async function grant(trx: Trx, role: string): Promise<void> {
  const { rows } = await trx.raw('select current_user as owner');
  if (rows[0].owner === role) return;
  await trx.raw('grant select, insert, update, delete on all tables in schema public to ??', [role]);
  await trx.raw('grant usage on all sequences in schema public to ??', [role]);
  await trx.raw(`revoke update, delete, truncate on ${appendOnly.map(() => '??').join(', ')} from ??`, [...appendOnly, role]);
}

/** Names without extension: the same from .ts in development and from .js when compiled. */
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => migrationNames(),
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}.`)) as string;
    const migration = await import(pathToFileURL(join(folder, file)).href);
    return { up: migration.up, down: async () => {} };
  },
};

function migrationNames(): string[] {
  const files = readdirSync(folder).filter((file) => /^\d+_\w+\.(ts|js)$/.test(file));
  return files.map((file) => file.replace(/\.\w+$/, '')).sort();
}
