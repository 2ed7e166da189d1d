import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { root } from '../src/ground/root.ts';
import { randomToken } from '../src/ground/secrets.ts';
import { startSession } from '../src/sessions/sessions.ts';
import { type Ground, openGround } from '../src/start.ts';
import { type Crowd, findCrowd } from './crowd.ts';
import { openPool } from './database.ts';
import type { Order } from './floor.ts';
import type { Target } from './http.ts';
import { historySealed } from './prepare.ts';
import { scenarios } from './scenarios/all.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { memoryOf, type Server, startCold, stop } from './server.ts';

/** Roster and its floor side by side on the same rows, with those who come to look. */
export type Stage = {
  server: Server;
  coldStartsMs: number[];
  idleMiB: number;
  crowd: Crowd;
  scenarios: Scenario[];
  /** An administrator's browser, somebody's who is not signed in, and the administrator's at the minimal page. */
  roster: Target;
  visitor: Target;
  floor: Target;
  pool: pg.Pool;
  close(): Promise<void>;
};

export type StageOptions = { users: number; port: number; coldStarts: number; workers: number };

/** Starts everything. The server comes first and alone, so that its cold start is one and its memory its own. */
export async function openStage(env: NodeJS.ProcessEnv, options: StageOptions): Promise<Stage> {
  const { server, coldStartsMs } = await startCold(env, options.port, options.coldStarts);
  const idleMiB = await idleMemory(server);
  const ground = await openGround({ ...env, PORT: '0' });
  const pool = openPool(ground.ownerConnection, options.workers);
  const closing: (() => Promise<void>)[] = [() => server.stop(), () => pool.end(), () => ground.close()];
  const close = async () => {
    for (const one of closing) await one();
  };
  try {
    const crowd = await findCrowd(pool, options.users, options.workers);
    const browser = async (): Promise<Target> => ({ port: options.port, headers: { cookie: await cookieOfOlga(ground) } });
    const roster = await browser();
    const seats = await Promise.all(Array.from({ length: options.workers }, browser));
    const visitor = { port: options.port, headers: {} };
    const all = scenarios(crowd, seats, visitor);
    const floor = await startFloor(ground, all);
    closing.unshift(() => stop(floor.process));
    await historySealed(pool);
    const targets = { roster, visitor, floor: { port: floor.port, headers: roster.headers } };
    return { server, coldStartsMs, idleMiB, crowd, scenarios: all, pool, close, ...targets };
  } catch (error) {
    await close();
    throw error;
  }
}

const idleMs = 3000;

async function idleMemory({ process }: Server): Promise<number> {
  await sleep(idleMs);
  return memoryOf(process);
}

/** The cookie of a browser in which Olga, the administrator of the seeded world, is signed in. */
async function cookieOfOlga({ context: { db, secrets } }: Ground): Promise<string> {
  const sid = randomToken();
  const olga = await db('users').where({ username: 'olga' }).first('id');
  await db.transaction((trx) => startSession(trx, { sid, userId: olga.id, address: '127.0.0.1', agent: 'bench' }));
  const signature = createHmac('sha256', secrets[0]).update(sid).digest('base64').replace(/=+$/, '');
  return `roster=${encodeURIComponent(`s:${sid}.${signature}`)}`;
}

async function startFloor(ground: Ground, scenarios: Scenario[]): Promise<{ process: ChildProcess; port: number }> {
  const process = fork(join(root, 'bench/floor.ts'), { execArgv: ['--import=tsx/esm'] });
  const order: Order = { database: ground.ownerConnection, secret: ground.context.secrets[0], scenarios };
  process.send(order);
  const [port] = await once(process, 'message');
  return { process, port };
}
