import type pg from 'pg';
import { continueAnnouncements } from './announcements/send.ts';
import { sumMoneyDays } from './balance/days.ts';
import { proveLedgerNightly } from './balance/proof.ts';
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
import { eraseOldInvitations } from './invitations/erase.ts';
import { startJobs } from './jobs/jobs.ts';
import { giveSign } from './jobs/sign.ts';
import { eraseOldLetters } from './mail/erase.ts';
import { openPostman } from './mail/postman.ts';
import { eraseOldNotifications } from './notifications/erase.ts';
import { pruneChallenges } from './passkeys/challenges.ts';
import { renewTariffs } from './payments/renew.ts';
import { answerForgotten } from './recovery/forgotten.ts';
import { pruneSessions } from './sessions/sessions.ts';
import { prunePending } from './signin/pending.ts';
import { pruneAttempts } from './users/attempts.ts';
import type { Context } from './web/context.ts';

/** Everything that runs by itself. */
export async function startWorker(context: Context, connection: pg.PoolConfig): Promise<{ stop(): Promise<void> }> {
  const { db, owner, log } = context;
  const postman = openPostman(context);
  const jobs = {
    send_letters: { due: '* * * * *', work: postman.work },
    seal_history: { due: '* * * * *', work: () => sealAll(owner) },
    answer_forgotten: { due: '* * * * *', work: () => answerForgotten(db) },
    continue_imports: { due: '* * * * *', work: () => continueImports(db) },
    continue_bulks: { due: '* * * * *', work: () => continueBulks({ ...context, acts: bulkActs(belongings) }) },
    continue_announcements: { due: '* * * * *', work: () => continueAnnouncements(db) },
    end_connections: { due: '* * * * *', work: () => endLostConnections(db) },
    give_sign: { due: '* * * * *', work: () => giveSign(db) },
    prove_ledger: { due: '13 * * * *', work: () => proveLedgerNightly(owner) },
    sum_money_days: { due: '3 * * * *', work: () => sumMoneyDays(owner) },
    erase_old_bulks: { due: '27 * * * *', work: () => eraseOldBulks(db) },
    erase_old_imports: { due: '17 * * * *', work: () => eraseOldImports(db) },
    erase_old_letters: { due: '47 * * * *', work: () => eraseOldLetters(db) },
    erase_old_notifications: { due: '57 * * * *', work: () => eraseOldNotifications(db) },
    erase_old_invitations: { due: '47 * * * *', work: () => eraseOldInvitations(owner) },
    remind_of_expiry: { due: '7 * * * *', work: () => remindOfExpiry(db) },
    end_unused_accounts: { due: '37 * * * *', work: () => endUnusedAccounts(db, belongings) },
    renew_tariffs: { due: '* * * * *', work: () => renewTariffs(db, context.config.currency) },
    prune_sessions: { due: '*/10 * * * *', work: () => pruneSessions(db) },
    prune_pending: { due: '*/10 * * * *', work: () => prunePending(db) },
    prune_challenges: { due: '*/10 * * * *', work: () => pruneChallenges(db) },
    prune_attempts: { due: '*/10 * * * *', work: () => pruneAttempts(db) },
  };
  const queue = await startJobs(connection, jobs, log);
  giveSign(db).catch((error) => log.warn({ err: error }, 'no sign could be given yet'));
  postman.work().catch((error) => log.error({ err: error }, 'what waited could not be sent yet; it goes on within a minute'));
  return { stop: async () => void (await Promise.all([postman.stop(), queue.stop()])) };
}
