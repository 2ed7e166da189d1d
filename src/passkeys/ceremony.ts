import { digest } from '../ground/secrets.ts';
import type { Created, Shown } from './credential.ts';
import type { Party } from './party.ts';

/** A third of a second to load, so it is loaded when the first passkey is asked for. */
const library = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

export type Holder = { id: number; username: string; name: string };
export type StoredKey = { credentialId: string; publicKey: Buffer; counter: number; transports: string[] };

const minutesMs = 5 * 60_000;

/** The number by which devices keep the passkeys of an account together: it tells nothing about who that is. */
const handleOf = (userId: number) => digest(`passkeys of user ${userId}`);

/** What a browser needs to make a passkey: one that it holds for this account already is not made again. */
export async function creationOptions(party: Party, user: Holder, held: StoredKey[], challenge: string) {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: 'Roster',
    rpID: party.rpId,
    userID: new Uint8Array(handleOf(user.id)),
    userName: user.username,
    userDisplayName: user.name,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: minutesMs,
    excludeCredentials: held.map(asDescriptor),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
}

/** What a browser needs to show a passkey: one of those `held`, or, without them, whichever it has for this console. */
export async function requestOptions(
  party: Party,
  { challenge, held, isVerified }: { challenge: string; held?: StoredKey[]; isVerified: boolean },
) {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: party.rpId,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: minutesMs,
    allowCredentials: held?.map(asDescriptor),
    userVerification: isVerified ? 'required' : 'preferred',
  });
}

const asDescriptor = ({ credentialId, transports }: StoredKey) => ({ id: credentialId, transports });

/** The key of a passkey that was just made for this console upon the `challenge`; null when anything about it is wrong. */
export async function verifyCreated(party: Party, response: Created, challenge: string): Promise<StoredKey | null> {
  const { verifyRegistrationResponse } = await library();
  if (!(await comesWithoutMaker(response))) return null;
  const result = await orNull(() =>
    verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} } as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.rpId,
      requireUserVerification: false,
    }),
  );
  if (!result?.verified) return null;
  const { id, publicKey, counter } = result.registrationInfo.credential;
  return { credentialId: id, publicKey: Buffer.from(publicKey), counter, transports: response.response.transports };
}

/** We ask for no certificate of the maker and follow none: this server would go to the addresses that stand in it. */
async function comesWithoutMaker({ response }: Created): Promise<boolean> {
  const { decodeAttestationObject } = await helpers();
  const bytes = new Uint8Array(Buffer.from(response.attestationObject, 'base64url'));
  const isOwnWord = async () => {
    const statement = decodeAttestationObject(bytes);
    return ['none', 'packed'].includes(statement.get('fmt')) && !statement.get('attStmt').get('x5c');
  };
  return (await orNull(isOwnWord)) ?? false;
}

export type Check = { challenge: string; userId: number; isVerified: boolean };

/**
 * The counter of a passkey that was just shown to this console; null when anything about it is wrong: the origin, the challenge, the
 * signature, the holder, a counter that has not grown, or (`isVerified`) a holder whom the device has not recognised.
 */
export async function verifyShown(party: Party, response: Shown, key: StoredKey, check: Check): Promise<number | null> {
  const { userHandle } = response.response;
  if (userHandle && !Buffer.from(userHandle, 'base64url').equals(handleOf(check.userId))) return null;
  const { verifyAuthenticationResponse } = await library();
  const result = await orNull(() =>
    verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: check.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.rpId,
      requireUserVerification: check.isVerified,
      credential: { id: key.credentialId, publicKey: new Uint8Array(key.publicKey), counter: key.counter },
    }),
  );
  return result?.verified ? result.authenticationInfo.newCounter : null;
}

/** The library says no by throwing, whatever is wrong with the answer. It asks nobody else, so nothing else can have failed. */
async function orNull<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}
