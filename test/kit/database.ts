import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type Db, openDatabase, type Trx } from '../../src/ground/database.ts';
import { type Embedded, startEmbedded } from '../../src/ground/embedded/start.ts';
import { migrate } from '../../src/ground/migrate.ts';

/** One server for the whole run; every story gets a transaction of it, every race a database of its own. */
let server: Embedded;
let folder: string;
let root: Db;
let stories: Db;

export async function startServer(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
  server = await startEmbedded({ folder, settings: { fsync: 'off', full_page_writes: 'off' } });
  root = openDatabase(server.owner, { size: 2, patient: true });
  await makeTemplate();
  await root.raw('create database stories template ??', [template]);
  stories = openDatabase({ ...server.owner, database: 'stories' }, { size: 4, patient: true });
}

const template = 'migrated';

/** Migrated once: a copy of it is made much faster. Nobody may be connected to it then. */
async function makeTemplate(): Promise<void> {
  await root.raw('create database ??', [template]);
  const db = openDatabase({ ...server.owner, database: template }, { size: 2, patient: true });
  await db.raw('grant usage on schema public to roster_web');
  await migrate(db, 'roster_web');
  await db.destroy();
}

export async function stopServer(): Promise<void> {
  await stories?.destroy();
  await root?.destroy();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}

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
  await root.raw('create database ?? template ??', [database, template]);
  return {
    owner: { ...server.owner, database },
    serving: { ...server.serving, database },
    drop: async () => void (await root.raw('drop database ?? with (force)', [database])),
  };
}
