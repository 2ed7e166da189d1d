import type { Trx } from '../ground/database.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { listAdministrators } from '../users/administrators.ts';
import { countAttempt, forgetAttempts } from '../users/attempts.ts';
import type { User } from '../users/user.ts';

const toldKey = 'requests told';

/**
 * Writes to the administrators that somebody waits for them: for the first who does, and once an hour while more pile up. The
 * counter of accounts must be held: of two who ask at once the second sees what was written for the first.
 */
export async function tellAdministrators(trx: Trx, { id, username, name, email }: User): Promise<void> {
  const other = await trx('users').where({ state: 'STATE_REQUESTED', deletedAt: null }).whereNot({ id }).first('id');
  if (!other) await forgetAttempts(trx, toldKey);
  if ((await countAttempt(trx, toldKey, 60)) > 1) return;
  const administrators = await listAdministrators(trx);
  await enqueueLetters(
    trx,
    administrators.map((user) => ({ kind: 'registration-requested', user, data: { username, name, email }, aboutId: id })),
  );
}
