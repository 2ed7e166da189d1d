import type { Actor } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { type Cursor, type Page, writeCursor } from '../ground/keyset.ts';
import { fromStart, pagerOf } from '../web/pager.ts';
import { ago } from '../web/time.ts';
import { templateOrNull } from './catalogue.ts';
import { subjectOf } from './compose.ts';
import { type LetterFilter, type Line, letterStates } from './list.ts';
import type { Letter } from './queue.ts';
import type { MailServer } from './server.ts';
import { whyNotAgain, whyNotCopied } from './usefulness.ts';

/** What the pages of letters show, made of what the database says. */

type Badge = { tone: 'ok' | 'info' | 'warn' | 'bad' | 'off'; text: string };

const badges: Record<Letter['state'], Badge> = {
  queued: { tone: 'info', text: 'Queued' },
  sent: { tone: 'ok', text: 'Sent' },
  failed: { tone: 'bad', text: 'Failed' },
  dropped: { tone: 'off', text: 'Dropped' },
  unsent: { tone: 'warn', text: 'Not sent' },
};

const linkWords: Record<NonNullable<Line['linkState']>, string> = {
  open: 'link not used yet',
  used: 'link used',
  expired: 'link expired',
  void: 'link taken back',
  replaced: 'link replaced by a newer one',
};

/** How sending does, as far as it explains why a letter waits. */
export type Sending = { outgoingMail: boolean; server: MailServer };

/** A letter as a row of a list or a page shows it, with what this actor may do with it. `serverWords` are the server's last, or why it was not sent. */
export function shownOf(line: Line, sending: Sending, actor: Actor) {
  const template = templateOrNull(line.kind);
  return {
    ...line,
    subject: template ? subjectOf(template, line.data) : line.kind,
    badge: badges[line.state],
    says: saysOf(line, sending),
    linkSays: line.state === 'queued' ? null : line.linkState && linkWords[line.linkState],
    mayResend:
      can(actor, 'resend mail', line.reader ?? undefined) && whyNotAgain(line, line.reader, sending.outgoingMail) === null,
    mayCopy: can(actor, 'copy link', line.reader ?? undefined) && whyNotCopied(line, line.reader, sending.outgoingMail) === null,
  };
}

function saysOf({ state, serverWords, dueAt, tries, isEarly }: Line, { outgoingMail, server }: Sending): string {
  if (state === 'unsent') return 'Outgoing mail was off.';
  if (state !== 'queued') return state === 'sent' ? '' : serverWords;
  if (!outgoingMail) return 'Outgoing mail is off.';
  if (isEarly && tries > 0) return `Next try ${ago(dueAt)}. ${serverWords}`;
  if (isEarly) return `Leaves ${ago(dueAt)}: until then the act can be undone.`;
  return server.failures > 0 ? 'Waits for the mail server.' : 'Leaves in a moment.';
}

type Query = LetterFilter & { limit: number; after: Cursor | null; before: Cursor | null };

/** The address of a list of letters with what is usual left out; `changes` replace parts of it. */
export function addressOfList(path: string, query: Query, changes: Partial<Query> = {}): string {
  const { state, q, limit, after, before } = { ...query, ...changes };
  const parts = new URLSearchParams();
  if (state) parts.set('state', state);
  if (q) parts.set('q', q);
  if (limit !== usualSize) parts.set('limit', String(limit));
  if (after) parts.set('after', writeCursor(after));
  if (before) parts.set('before', writeCursor(before));
  return parts.size > 0 ? `${path}?${parts}` : path;
}

export const usualSize = 50;

/** A tab for each state, and one for all; with a number where it is worth knowing. */
export function tabsOf(path: string, query: Query, counts: Partial<Record<Letter['state'], number | null>>) {
  const tab = (state: Letter['state'] | null, label: string) => ({
    href: addressOfList(path, query, { ...fromStart, state }),
    label,
    count: (state && counts[state]) || undefined,
    current: (query.state ?? null) === state,
  });
  return [tab(null, 'All'), ...letterStates.map((state) => tab(state, badges[state].text))];
}

export const pagerBelow = (path: string, query: Query, found: Page<Line>) =>
  pagerOf(found, { to: (turn) => addressOfList(path, query, turn), limit: query.limit, noun: ['letter', 'letters'] });
