import { type Db, now, type Trx } from '../ground/database.ts';
import { verifyShown } from './ceremony.ts';
import { type Asking, takeChallenge } from './challenges.ts';
import { challengeIn, readShown } from './credential.ts';
import type { Party } from './party.ts';
import type { Passkey } from './passkeys.ts';

/** A passkey that was shown: whose it is, and its counter as the device has it now; null when something about it is wrong. */
export type Seen = { passkey: Passkey; counter: number | null };

export type Showing = Asking & {
  party: Party;
  /** The answer of the browser, as the form brings it. */
  credential: string;
  /** Whether the device must have recognised its holder, by a PIN or a finger: then it counts as both factors. */
  isVerified: boolean;
};

/**
 * Looks at a passkey that was shown to this console; null when it is unknown, or the challenge is not one that was given for this. The
 * challenge is taken back whatever comes of it. What it proves counts once it has been used, see `usePasskey`.
 */
export async function seePasskey(db: Db, { party, credential, isVerified, ...asking }: Showing): Promise<Seen | null> {
  const shown = readShown(credential);
  if (!shown) return null;
  const challenge = challengeIn(shown);
  const passkey: Passkey | undefined = await db('passkeys').where({ credentialId: shown.id }).first();
  if (!(await takeChallenge(db, asking, challenge)) || !passkey) return null;
  const counter = await verifyShown(party, shown, passkey, { challenge, userId: passkey.userId, isVerified });
  return { passkey, counter };
}

/**
 * Counts a passkey that was found right as used, the account of its user being held. False when something about it was wrong, it was
 * removed meanwhile, or another answer with the same counter was faster: a device that counts never says the same twice.
 */
export async function usePasskey(trx: Trx, { passkey, counter }: Seen): Promise<boolean> {
  if (counter === null) return false;
  const used = await trx('passkeys')
    .where({ id: passkey.id })
    .whereRaw('(counter < ? or (counter = 0 and ? = 0))', [counter, counter])
    .update({ counter, lastUsedAt: now(trx) });
  return used === 1;
}
