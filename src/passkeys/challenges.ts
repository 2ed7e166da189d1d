import { type Db, now } from '../ground/database.ts';
import { digest, randomToken } from '../ground/secrets.ts';

/** What a passkey is asked for. */
export type Purpose = 'add' | 'sign in' | 'second step' | 'confirm';

/** To whom a challenge is given: for one purpose, to the browser whose session has the id `sid`. */
export type Asking = { purpose: Purpose; sid: string };

const minutes = 5;

/**
 * A challenge that a passkey has to sign: it counts once, within five minutes, for what and to whom it was given. An older one for the
 * same counts no more, so that asking again and again leaves nothing behind.
 */
export async function giveChallenge(db: Db, { purpose, sid }: Asking): Promise<string> {
  const challenge = randomToken();
  await db('passkeyChallenges')
    .where({ purpose, sidHash: digest(sid) })
    .delete();
  await db('passkeyChallenges').insert({
    challengeHash: digest(challenge),
    purpose,
    sidHash: digest(sid),
    expiresAt: db.raw('now() + make_interval(mins => ?)', [minutes]),
  });
  return challenge;
}

/** Takes a challenge back: true once, for whom and for what it was given, in time. */
export async function takeChallenge(db: Db, { purpose, sid }: Asking, challenge: string): Promise<boolean> {
  const taken = await db('passkeyChallenges')
    .where({ challengeHash: digest(challenge), purpose, sidHash: digest(sid) })
    .where('expiresAt', '>', now(db))
    .delete();
  return taken === 1;
}

/** Clears away what nobody has answered. */
export async function pruneChallenges(db: Db): Promise<void> {
  await db('passkeyChallenges').where('expiresAt', '<', now(db)).delete();
}
