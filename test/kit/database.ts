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
let stories: Db;

export async function startServer(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
  server = await startEmbedded({ folder, settings: { fsync: 'off', full_page_writes: 'off' } });
  const owner = openDatabase(server.owner, { patient: true });
  await migrate(owner, 'roster_web');
  await owner.destroy();
  stories = openDatabase(server.owner, { size: 4, patient: true });
}

export async function stopServer(): Promise<void> {
  await stories?.destroy();
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
  const root = openDatabase(server.owner, { size: 1, patient: true });
  await root.raw('create database ??', [database]);
  const owner = { ...server.owner, database };
  const db = openDatabase(owner, { size: 2, patient: true });
  await db.raw('grant usage on schema public to roster_web');
  await migrate(db, 'roster_web');
  await db.destroy();
  return {
    owner,
    serving: { ...server.serving, database },
    drop: async () => {
      await root.raw('drop database ?? with (force)', [database]);
      await root.destroy();
    },
  };
}
