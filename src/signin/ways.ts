import type { Db } from '../ground/database.ts';
import { type Found, type LinkState, linkOfUserOrNull, type Purpose } from '../links/links.ts';

type Letter = { state: 'queued' | 'sent' | 'failed' | 'dropped' | 'unsent'; endedAt: Date | null; serverWords: string };

/** A link as a user was given it last, and what became of the letter that brought it; null where none did. */
export type Way = Found & { letter: Letter | null };

/** The links that let somebody in or further in; null for what was never given. */
export type Ways = Record<(typeof purposes)[number], Way | null>;

const purposes = ['activation', 'verification', 'reset'] as const satisfies Purpose[];

export async function readWays(db: Db, userId: number): Promise<Ways> {
  const ways: Partial<Ways> = {};
  for (const purpose of purposes) {
    const found = await linkOfUserOrNull(db, userId, purpose);
    ways[purpose] = found && { ...found, letter: await letterWith(db, userId, found) };
  }
  return ways as Ways;
}

/** The last letter with this link as it is now: one that an older link was in tells nothing. */
async function letterWith(db: Db, userId: number, { link }: Found): Promise<Letter | null> {
  const letter = await db('letters')
    .where({ userId, linkId: link.id, linkCounter: link.counter })
    .orderBy('id', 'desc')
    .first('state', 'endedAt', 'serverWords');
  return letter ?? null;
}

type Moment = (at: Date) => string;

const nouns: Record<keyof Ways, string> = {
  activation: 'activation link',
  verification: 'verification link',
  reset: 'link to reset the password',
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

function saysOfLetter(letter: Letter | null, moment: Moment): string {
  if (!letter) return '';
  const server = letter.serverWords ? ` The mail server says: “${letter.serverWords}”` : '';
  const says: Record<Letter['state'], string> = {
    sent: `Its mail was sent${letter.endedAt ? ` ${moment(letter.endedAt)}` : ''}.`,
    queued: `Its mail waits to be sent.${server}`,
    failed: `Its mail could not be sent.${server}`,
    dropped: 'Its mail was not sent, as what caused it was undone.',
    unsent: 'It was not mailed, as outgoing mail is off.',
  };
  return ` ${says[letter.state]}`;
}
