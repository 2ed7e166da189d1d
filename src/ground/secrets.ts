import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 32 random bytes as base64url: more than anybody can guess. */
export const randomToken = () => randomBytes(32).toString('base64url');

/** What of a token may lie in the database. */
export const digest = (token: string) => createHash('sha256').update(token).digest();

/** A value that only the holder of `secret` can compute, for one purpose. */
export const keyed = (secret: string, purpose: string, value: string) =>
  createHmac('sha256', secret).update(`${purpose}\n${value}`).digest();

/** Compares without telling by time how much was right. */
export const isSame = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);

/** Encrypts a short text, so that a database dump does not give it away. */
export function seal(secret: string, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyed(secret, 'seal', ''), iv);
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

/** The text that `seal` was given, or null when it was another secret's. */
export function unseal(secret: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyed(secret, 'seal', ''), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}

/** The secret of this installation, made at the first start. Several processes may start at once: the first one's counts. */
export function generatedSecret(dataDir: string): string {
  const file = join(dataDir, 'session-secret');
  const draft = `${file}.${process.pid}`;
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) {
    writeFileSync(draft, `${randomToken()}\n`, { mode: 0o600 });
    keepFirst(draft, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/** A link appears whole or not at all, and never over another: nobody reads half a secret. */
function keepFirst(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
