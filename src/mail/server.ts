import type { Db } from '../ground/database.ts';
import { tellAdministrators } from '../notifications/notify.ts';

/** How the mail server does, as all processes know it. */
export type MailServer = { failures: number; failingSince: Date | null; nextTryAt: Date; words: string };

export async function readMailServer(db: Db): Promise<MailServer> {
  return db('mailServer').first();
}

/** Of a server that is back after the first tries nobody has to hear. */
const toldAfter = 5;

/** The server cannot be reached or does not let us in: it is left alone for a minute, later for up to three. */
export async function leaveServerAlone(db: Db, words: string): Promise<void> {
  await db.transaction(async (trx) => {
    const { rows } = await trx.raw(
      `update mail_server set failures = failures + 1, failing_since = coalesce(failing_since, now()), words = ?,
         next_try_at = now() + make_interval(mins => least(3, 1 + failures / 3)) returning failures`,
      [words],
    );
    if (rows[0]?.failures === toldAfter) await tellAdministrators(trx, { kind: 'mail-fails' });
  });
}

/** The server works: what waits may leave. Costs nothing while it is known to. */
export async function serverWorks(db: Db): Promise<void> {
  await db('mailServer').where('failures', '>', 0).update({ failures: 0, failingSince: null, words: '' });
}
