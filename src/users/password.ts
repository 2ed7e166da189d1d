import { randomInt } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import bcrypt from 'bcrypt';
import { TryLater } from '../ground/errors.ts';

/** 2^12 rounds: a quarter of a second on a small machine, for us as for who steals the database. */
const cost = 12;
/** bcrypt works in libuv's four threads, which files and names share: two at a time leave them room. */
const atOnce = 2;
/** Beyond this many in line a sign-in would wait longer than people do. */
const longestLine = 80;

/** The hash of a password that nobody has: compared with when there is no account, so that the time is the same. */
const nobodysHash = '$2b$12$My5CGMrsgAlKPAoeM3x2Ou11MZ/gkpUFzbuSg4nJypLeHueJpdlsO';

export const minimum = { chosen: 10, singleUse: 8 };
const maximumBytes = 72;

const commonPasswords = new Set(dictionary['passwords-common'].map((word) => String(word).toLowerCase()));

/** Why this password will not do, or null. `isSingleUse` ones may be shorter: they live for one sign-in. */
export function passwordProblem(
  password: string,
  about: { username: string; email: string },
  isSingleUse = false,
): string | null {
  const least = isSingleUse ? minimum.singleUse : minimum.chosen;
  const small = password.toLowerCase();
  if ([...password].length < least) return `${least} characters or more.`;
  if (Buffer.byteLength(password) > maximumBytes) return `${maximumBytes} bytes at most (letters beyond ASCII take two to four).`;
  if (password.includes('\0')) return 'Holds a character that cannot be kept.';
  if (holds(small, about.username)) return 'It must not hold the username.';
  if (holds(small, about.email.split('@')[0] ?? '')) return 'It must not hold the email address.';
  return commonPasswords.has(small) ? 'This is one of the most common passwords; choose another.' : null;
}

/** Names of one or two letters stand in many good passwords by chance. */
const holds = (password: string, name: string) => name.length > 2 && password.includes(name.toLowerCase());

/** The stored form of a password of at most 72 bytes. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => bcrypt.hash(password, cost));

/** Takes as long for nobody, for an account without a password and for an empty guess as for a wrong one. */
export async function isPassword(guess: string, hash: string | null | undefined): Promise<boolean> {
  const isRight = await inTurn(() => bcrypt.compare(guess, hash ?? nobodysHash));
  return isRight && Boolean(hash) && guess !== '' && Buffer.byteLength(guess) <= maximumBytes;
}

/** A password that can be read out on the telephone: 16 of 31 unmistakable characters, 79 bits. */
export function generatePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const four = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [four(), four(), four(), four()].join('-');
}

let working = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= atOnce) await standInLine();
  else working += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next)
      next(); // The place is handed over, so that nobody slips in between.
    else working -= 1;
  }
}

function standInLine(): Promise<void> {
  if (waiting.length >= longestLine)
    throw new TryLater('Many people are signing in. Try again in a moment.', { status: 503, seconds: 5 });
  return new Promise((resolve) => waiting.push(resolve));
}
