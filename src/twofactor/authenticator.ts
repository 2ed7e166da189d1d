import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { unseal } from '../ground/secrets.ts';

/** What every authenticator app knows; some know nothing else. */
const kind = { algorithm: 'SHA1', digits: 6, period: 30 };

/** A clock may be a step ahead or behind: half a minute each way. */
const stepsAside = 1;

/** A new secret of an authenticator app: 160 bits, in base 32 as people type it. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** What an app takes in: an address for a tap on the same device, its picture for a camera, the secret in fours for fingers. */
export function setupOf(secret: string, { username, host }: { username: string; host: string }) {
  const uri = new TOTP({ ...kind, issuer: 'Roster', label: `${username} (${host})`, secret }).toString();
  const svg = renderSVG(uri, { border: 4, pixelSize: 4 });
  return {
    uri,
    picture: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    groups: secret.match(/.{1,4}/g) ?? [],
  };
}

/** The number of the half minute whose code this is, of the one at the moment `at` and its neighbours; null when it is none's. */
export function stepOf(secret: string, typed: string, at: Date): number | null {
  const timestamp = at.getTime();
  const token = typed.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const aside = TOTP.validate({ ...kind, token, secret: Secret.fromBase32(secret), timestamp, window: stepsAside });
  return aside === null ? null : TOTP.counter({ ...kind, timestamp }) + aside;
}

/** The text that was sealed with one of the secrets; null when it was with none of them. */
export function openSealed(secrets: readonly string[], sealed: string): string | null {
  for (const secret of secrets) {
    const text = unseal(secret, sealed);
    if (text !== null) return text;
  }
  return null;
}
