import type { Db } from '../ground/database.ts';

/**
 * In a copy of a database, restored from a dump, letters that were waiting when the dump was made are not sent: they have left from
 * where they were written. Call it before anything new is written, and before sending.
 */
export async function dropCopiedLetters(owner: Db): Promise<void> {
  await owner.transaction(async (trx) => {
    const { rows } = await trx.raw(
      `update settings set letters_of = database_mark() where letters_of is distinct from database_mark() returning letters_of`,
    );
    if (rows.length === 0) return;
    await trx('letters')
      .where({ state: 'queued' })
      .update({
        state: 'dropped',
        endedAt: trx.raw('now()'),
        leaseUntil: null,
        serverWords: 'This is a restored copy of the database: it was left to the original to send it.',
      });
  });
}
