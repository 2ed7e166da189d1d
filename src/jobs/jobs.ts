import { Logger, run } from 'graphile-worker';
import pg from 'pg';
import type { Log } from '../ground/log.ts';

/** What runs by itself: each by its name, with how often (crontab) it is due. Every one may be repeated at any time. */
export type Jobs = Record<string, { due: string; work(): Promise<unknown> }>;

/** Works on the jobs until stopped; any number of processes may, each job runs in one of them. Needs a direct connection. */
export async function startJobs(connection: pg.PoolConfig, jobs: Jobs, log: Log): Promise<{ stop(): Promise<void> }> {
  const pool = new pg.Pool({ ...connection, max: 4 });
  const lost = (error: Error) => log.warn({ err: error }, 'a connection of the job queue was lost');
  pool.on('error', lost).on('connect', (client) => client.on('error', lost));
  const runner = await run({
    pgPool: pool,
    concurrency: 1,
    noHandleSignals: true,
    crontab: crontabOf(jobs),
    taskList: Object.fromEntries(Object.entries(jobs).map(([name, { work }]) => [name, async () => void (await work())])),
    logger: new Logger(
      () => (level, message) => log[level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug'](message),
    ),
  });
  return {
    stop: async () => {
      await runner.stop();
      await pool.end();
    },
  };
}

const crontabOf = (jobs: Jobs) =>
  Object.entries(jobs)
    .map(([name, { due }]) => `${due} ${name}`)
    .join('\n');
