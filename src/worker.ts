import type pg from 'pg';
import { belongings } from './belongings.ts';
import { bulkActs } from './bulk/acts.ts';
import { eraseOldBulks } from './bulk/erase.ts';
import { continueBulks } from './bulk/run.ts';
import { endLostConnections } from './connection/end.ts';
import { endUnusedAccounts } from './dormancy/dormancy.ts';
import { remindOfExpiry } from './dormancy/expiry.ts';
import { sealAll } from './history/chain.ts';
import { eraseOldImports } from './imports/erase.ts';
import { continueImports } from './imports/run.ts';
import { startJobs } from './jobs/jobs.ts';
import { pruneSessions } from './sessions/sessions.ts';
import { pruneAttempts } from './users/attempts.ts';
import type { Context } from './web/context.ts';

/** Everything that runs by itself. */
export function startWorker(context: Context, connection: pg.PoolConfig): Promise<{ stop(): Promise<void> }> {
  const { db, owner, log } = context;
  const jobs = {
    seal_history: { due: '* * * * *', work: () => sealAll(owner) },
    continue_imports: { due: '* * * * *', work: () => continueImports(db) },
    continue_bulks: { due: '* * * * *', work: () => continueBulks({ ...context, acts: bulkActs(belongings) }) },
    end_connections: { due: '* * * * *', work: () => endLostConnections(db) },
    erase_old_bulks: { due: '27 * * * *', work: () => eraseOldBulks(db) },
    erase_old_imports: { due: '17 * * * *', work: () => eraseOldImports(db) },
    remind_of_expiry: { due: '7 * * * *', work: () => remindOfExpiry(db) },
    end_unused_accounts: { due: '37 * * * *', work: () => endUnusedAccounts(db, belongings) },
    prune_sessions: { due: '*/10 * * * *', work: () => pruneSessions(db) },
    prune_attempts: { due: '*/10 * * * *', work: () => pruneAttempts(db) },
  };
  return startJobs(connection, jobs, log);
}
