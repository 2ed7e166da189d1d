import type { Db } from '../ground/database.ts';
import { type Found, type LinkState, linkOfUserOrNull, type Purpose } from '../links/links.ts';
import { findLine, type Line } from '../mail/list.ts';

/** A link as a user was given it last, and the letter that brought it; null where none did. */
export type Way = Found & { letter: Line | null };

/** The links that let somebody in or further in; null for what was never given. */
export type Ways = Record<(typeof purposes)[number], Way | null>;

const purposes = ['activation', 'verification', 'reset'] as const satisfies Purpose[];

export async function readWays(db: Db, userId: number): Promise<Ways> {
  const ways: Partial<Ways> = {};
  for (const purpose of purposes) ways[purpose] = await readWay(db, userId, purpose);
  return ways as Ways;
}

/** One of them. */
export async function readWay(db: Db, userId: number, purpose: keyof Ways): Promise<Way | null> {
  const found = await linkOfUserOrNull(db, userId, purpose);
  return found && { ...found, letter: await letterWith(db, userId, found) };
}

/** The last letter with this link as it is now: one that an older link was in tells nothing. */
async function letterWith(db: Db, userId: number, { link }: Found): Promise<Line | null> {
  const row = await db('letters').where({ userId, linkId: link.id, linkCounter: link.counter }).orderBy('id', 'desc').first('id');
  return row ? findLine(db, row.id) : null;
}

/** The last letter to this user that went out or could not, when it could not; else null. */
export async function lastFailedLetter(db: Db, userId: number): Promise<Line | null> {
  const row = await db('letters')
    .where({ userId })
    .whereIn('state', ['sent', 'failed'])
    .orderBy('id', 'desc')
    .first('id', 'state');
  return row?.state === 'failed' ? findLine(db, row.id) : null;
}

type Moment = (at: Date) => string;

const nouns: Record<keyof Ways, string> = {
  activation: 'activation link',
  verification: 'verification link',
  reset: 'password link',
};

/** What is said of a link: since when and until when it works, and how it went with the mail that brought it. */
export function saysOfWay(purpose: keyof Ways, way: Way | null, moment: Moment): string {
  if (!way) return `No ${nouns[purpose]} has been sent.`;
  const { issuedAt, expiresAt } = way.link;
  const after: Record<LinkState, string> = {
    open: `works until ${moment(expiresAt)}`,
    expired: `ran out ${moment(expiresAt)}`,
    used: 'has been used',
    void: 'was taken back',
  };
  const mailed = way.state === 'used' || way.state === 'void' ? '' : saysOfLetter(way.letter, moment);
  return `The ${nouns[purpose]} of ${moment(issuedAt)} ${after[way.state]}.${mailed}`;
}

function saysOfLetter(letter: Line | null, moment: Moment): string {
  if (!letter) return '';
  const says: Record<Line['state'], string> = {
    sent: `Its mail was sent${letter.endedAt ? ` ${moment(letter.endedAt)}` : ''}.`,
    queued: `Its mail waits to be sent.${serverSays(letter)}`,
    failed: `Its mail could not be sent.${serverSays(letter)}`,
    dropped: `Its mail was not sent. ${letter.serverWords}`.trim(),
    unsent: 'It was not mailed, as outgoing mail was off.',
  };
  return ` ${says[letter.state]}`;
}

/** The last words of the mail server on a letter, or ''. */
export const serverSays = ({ serverWords }: Line) => (serverWords ? ` The mail server says: “${serverWords}”` : '');
