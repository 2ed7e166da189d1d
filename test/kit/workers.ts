import { setTimeout as pause } from 'node:timers/promises';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { startWorkerProcess, type WorkerProcess } from '../fixtures/worker-process.ts';
import { makeDatabase } from './database.ts';
import { openPostOffice, type PostOffice } from './postman.ts';

/** A database of its own with the small world in it, a mail server, and the processes that are started to work for both. */
export type Workers = {
  database: Awaited<ReturnType<typeof makeDatabase>>;
  db: Db;
  ids: Record<Name, number>;
  office: PostOffice;
  start(): WorkerProcess;
  /** Waits until one of them is there. */
  ready(): Promise<void>;
  /** Kills those that still run. */
  close(): Promise<void>;
};

export async function openWorkers(): Promise<Workers> {
  const database = await makeDatabase();
  const db = openDatabase(database.owner, { size: 3, patient: true });
  const ids = await peopleWorld(db);
  const office = await openPostOffice();
  const started: WorkerProcess[] = [];
  const start = () => {
    const worker = startWorkerProcess(database, office.url);
    started.push(worker);
    return worker;
  };
  const close = async () => {
    await Promise.all(started.map((worker) => worker.end('SIGKILL')));
    await office.close();
    await db.destroy();
    await database.drop();
  };
  return { database, db, ids, office, start, ready: () => until(() => isThere(db), 'a worker is there'), close };
}

async function isThere(db: Db): Promise<boolean> {
  const { rows } = await db.raw(`select to_regclass('graphile_worker._private_known_crontabs') as crontabs`);
  return rows[0].crontabs !== null && (await db('graphile_worker._private_known_crontabs').first()) !== undefined;
}

/** Waits for what other processes do. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, seconds = 20): Promise<void> {
  for (let left = seconds * 20; left > 0; left -= 1) {
    if (await isSo()) return;
    await pause(50);
  }
  throw new Error(`Not so after ${seconds} seconds: ${what}`);
}
