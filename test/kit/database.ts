import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type Db, openDatabase, type Trx } from '../../src/ground/database.ts';
import { type Embedded, startEmbedded } from '../../src/ground/embedded/start.ts';
import { migrate } from '../../src/ground/migrate.ts';

/**
 * One server for the whole run, and a migrated database that is copied: one for the stories of each process, whose every story gets a
 * transaction of it, and one for each race.
 */
let server: Embedded;
let folder: string;

const template = 'migrated';
/** How the processes in which stories run find the server. */
const variable = 'ROSTER_TEST_SERVER';

export async function startServer(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
  server = await startEmbedded({ folder, settings: { fsync: 'off', full_page_writes: 'off', max_connections: '150' } });
  const { owner, serving } = server;
  process.env[variable] = JSON.stringify({ owner, serving });
  await inRoot((root) => root.raw('create database ??', [template]));
  const db = openDatabase({ ...owner, database: template }, { size: 2, patient: true });
  await db.raw('grant usage on schema public to roster_web');
  await migrate(db, 'roster_web');
  await db.destroy(); // Nobody may be connected to what is copied.
}

export async function stopServer(): Promise<void> {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

const addresses = (): Pick<Embedded, 'owner' | 'serving'> => JSON.parse(process.env[variable] ?? '');

async function inRoot(act: (root: Db) => Promise<unknown>): Promise<void> {
  const root = openDatabase(addresses().owner, { size: 1, patient: true });
  await act(root);
  await root.destroy();
}

/** A database of its own, not a restored copy in which no old letter would be sent. */
async function makeCopy(database: string): Promise<void> {
  await inRoot((root) => root.raw('create database ?? template ??', [database, template]));
  const db = openDatabase({ ...addresses().owner, database }, { size: 1, patient: true });
  await db.raw('update settings set letters_of = database_mark()');
  await db.destroy();
}

let stories: Db;
let isCopied = false;

/** The database of this process's stories: copied for the first file of them, opened for each. */
export async function openStories(): Promise<void> {
  const database = `stories_${process.pid}`;
  if (!isCopied) await makeCopy(database);
  isCopied = true;
  stories = openDatabase({ ...addresses().owner, database }, { size: 4, patient: true });
}

export const closeStories = (): Promise<void> => stories.destroy();

/** An open transaction that is rolled back after the test: nothing a story does outlives it. */
export async function openStory(): Promise<{ trx: Trx; close(): Promise<void> }> {
  const trx = await stories.transaction();
  return { trx, close: async () => void (await trx.rollback()) };
}

let made = 0;

/** A committed database of its own, for races, faults and several processes: with both roles' addresses. */
export async function makeDatabase(): Promise<{ owner: pg.ClientConfig; serving: pg.ClientConfig; drop(): Promise<void> }> {
  made += 1;
  const database = `race_${process.pid}_${made}`;
  const { owner, serving } = addresses();
  await makeCopy(database);
  return {
    owner: { ...owner, database },
    serving: { ...serving, database },
    drop: () => inRoot((root) => root.raw('drop database ?? with (force)', [database])),
  };
}
