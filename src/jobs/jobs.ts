import { Logger, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import type { Log } from '../ground/log.ts';

/**
 * What runs by itself: each by its name, with how often (crontab) it is due; the database wakes some of them in between. Every one
 * may be repeated at any time, and two of a kind may run at once.
 */
export type Jobs = Record<string, { due: string; work(): Promise<unknown> }>;

/** A long one (an import, an act in bulk) must not keep the mail waiting. */
const atOnce = 3;

/** How long to wait before the queue is opened again after the database was gone. */
const pauseMs = 2_000;

/** Works on the jobs until stopped; any number of processes may, each job runs in one of them. Needs a direct connection. */
export async function startJobs(connection: pg.PoolConfig, jobs: Jobs, log: Log): Promise<{ stop(): Promise<void> }> {
  const pool = openPool(connection, log);
  let isStopping = false;
  let runner = await open(pool, jobs, log);
  const keepGoing = async (): Promise<void> => {
    await runner.promise.catch((error) => log.warn({ err: error }, 'the job queue ended'));
    while (!isStopping) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const next = await open(pool, jobs, log).catch((error) => log.warn({ err: error }, 'the job queue cannot be opened yet'));
      if (next) {
        runner = next;
        return keepGoing();
      }
    }
  };
  const kept = keepGoing();
  return {
    stop: async () => {
      isStopping = true;
      await runner.stop().catch(() => {}); // It may have ended by itself just now.
      await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, pauseMs).unref())]);
      await pool.end();
    },
  };
}

function openPool(connection: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ ...connection, max: 4, connectionTimeoutMillis: 3_000 });
  const lost = (error: Error) => log.warn({ err: error }, 'a connection of the job queue was lost');
  pool.on('error', lost).on('connect', (client) => client.on('error', lost));
  return pool;
}

function open(pgPool: pg.Pool, jobs: Jobs, log: Log): Promise<Runner> {
  const say = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return run({
    pgPool,
    concurrency: atOnce,
    noHandleSignals: true,
    crontab: Object.entries(jobs)
      .map(([name, { due }]) => `${due} ${name}`)
      .join('\n'),
    taskList: Object.fromEntries(Object.entries(jobs).map(([name, { work }]) => [name, async () => void (await work())])),
    logger: new Logger(() => (level, message) => log[say[level as keyof typeof say]](message)),
  });
}
