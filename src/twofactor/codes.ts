import { clock, type Trx } from '../ground/database.ts';
import { seal } from '../ground/secrets.ts';
import { openSealed, stepOf } from './authenticator.ts';
import { useRecoveryCode } from './recovery.ts';

/** What a code was: one of the app, or a recovery code, of which so many are left. */
export type UsedCode = { by: 'app' } | { by: 'recovery code'; left: number };

type Secrets = readonly [string, ...string[]];

/** Uses up a code that somebody typed at the second step, for a user whose row is held: each works once. Null when it is none. */
export async function useCode(
  trx: Trx,
  secrets: Secrets,
  user: { id: number; email: string },
  typed: string,
): Promise<UsedCode | null> {
  if (await useAppCode(trx, secrets, user.id, typed)) return { by: 'app' };
  const left = await useRecoveryCode(trx, user, typed);
  return left === null ? null : { by: 'recovery code', left };
}

/**
 * Uses up a code of the authenticator app of a user whose row is held: neither it nor an older one works again. False when it is
 * not the present one. The secret is sealed anew with the newest of the server's secrets, so that older ones can be given up.
 */
export async function useAppCode(trx: Trx, secrets: Secrets, userId: number, typed: string): Promise<boolean> {
  const app = await trx('authenticators').where({ userId }).first();
  const secret = app && openSealed(secrets, app.sealedSecret);
  const step = secret ? stepOf(secret, typed, await clock(trx)) : null;
  if (step === null) return false;
  const used = await trx('authenticators')
    .where({ userId })
    .where('lastStep', '<', step)
    .update({ lastStep: step, sealedSecret: seal(secrets[0], secret) });
  return used === 1;
}
