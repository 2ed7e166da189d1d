import type pg from 'pg';
import { belongings } from './belongings.ts';
import { bulkActs } from './bulk/acts.ts';
import { eraseOldBulks } from './bulk/erase.ts';
import { continueBulks } from './bulk/run.ts';
import { endLostConnections } from './connection/end.ts';
import { sealHistory } from './history/chain.ts';
import { eraseOldImports } from './imports/erase.ts';
import { continueImports } from './imports/run.ts';
import { startJobs } from './jobs/jobs.ts';
import { pruneSessions } from './sessions/sessions.ts';
import { pruneAttempts } from './users/attempts.ts';
import type { Context } from './web/context.ts';

/** Everything that runs by itself. */
export function startWorker(context: Context, connection: pg.PoolConfig): Promise<{ stop(): Promise<void> }> {
  const { db, log } = context;
  const jobs = {
    seal_history: { due: '* * * * *', work: () => sealAll(context) },
    continue_imports: { due: '* * * * *', work: () => continueImports(db) },
    continue_bulks: { due: '* * * * *', work: () => continueBulks({ ...context, acts: bulkActs(belongings) }) },
    end_connections: { due: '* * * * *', work: () => endLostConnections(db) },
    erase_old_bulks: { due: '27 * * * *', work: () => eraseOldBulks(db) },
    erase_old_imports: { due: '17 * * * *', work: () => eraseOldImports(db) },
    prune_sessions: { due: '*/10 * * * *', work: () => pruneSessions(db) },
    prune_attempts: { due: '*/10 * * * *', work: () => pruneAttempts(db) },
  };
  return startJobs(connection, jobs, log);
}

async function sealAll({ owner }: Context): Promise<void> {
  while ((await sealHistory(owner)) > 0);
}
