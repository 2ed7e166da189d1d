import type { Trx } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { generatePassword } from '../users/password.ts';

/** How many recovery codes there are at a time. */
export const codesMade = 10;

/** Makes new recovery codes for a user whose row is held, and says them, this once; those of before work no more. */
export async function makeRecoveryCodes(trx: Trx, userId: number): Promise<string[]> {
  const codes = Array.from({ length: codesMade }, generatePassword);
  await trx('recoveryCodes').where({ userId }).delete();
  await trx('recoveryCodes').insert(codes.map((code) => ({ userId, codeHash: digest(code) })));
  return codes;
}

/**
 * Uses up a recovery code, however it was spaced, of a user whose row is held, and writes the user of it; says how many are left.
 * Null when it is none, or was used before.
 */
export async function useRecoveryCode(trx: Trx, user: { id: number; email: string }, typed: string): Promise<number | null> {
  const codeHash = digest(written(typed));
  const used = await trx('recoveryCodes')
    .where({ userId: user.id, codeHash, usedAt: null })
    .update({ usedAt: trx.raw('now()') });
  if (used === 0) return null;
  const row = await trx('recoveryCodes').where({ userId: user.id, usedAt: null }).count({ count: '*' }).first();
  await enqueueLetter(trx, { kind: 'recovery-code-used', user, data: { left: String(row?.count) } });
  return Number(row?.count);
}

/** As it was shown: small letters and digits in fours. */
const written = (typed: string) =>
  typed
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(.{4})(?=.)/g, '$1-');
