import type { KeptProof } from '../balance/proof.ts';
import type { Db } from '../ground/database.ts';
import type { MailServer } from '../mail/server.ts';
import type { Places } from '../users/limit.ts';
import { figure } from '../web/figures.ts';

/** Something for an administrator to look at. `more` are lines below it. */
export type Concern = {
  tone: 'bad' | 'warn' | 'info';
  icon: string;
  text: string;
  href: string;
  more?: { text: string; href: string | null }[];
};

/** Beyond this a figure would only make the page wait. */
const most = 1000;

export type Counts = { locked: number; expiring: number; low: number; owing: number; failedLetters: number };

/** Counts what may need attention, each as far as is counted, along an index of its own. */
export async function countConcerns(db: Db): Promise<Counts> {
  const some = (from: string) => `(select count(*) from (select from ${from} limit ${most + 1}) as some_of_them)`;
  const { rows } = await db.raw(
    `select ${some('users where locked_at is not null and deleted_at is null')} as locked,
       ${some(`users where coalesce(expires_at, 'infinity') between now() and now() + interval '7 days' and deleted_at is null`)} as expiring,
       ${some('users where balance_low_since is not null and deleted_at is null')} as low,
       ${some('users where balance_minor < 0 and deleted_at is null')} as owing,
       ${some(`letters where state = 'failed' and ended_at > now() - interval '7 days'`)} as failed_letters`,
  );
  return rows[0];
}

export type Facts = {
  counts: Counts;
  places: Places;
  proof: KeptProof | null;
  mailServer: MailServer;
  /** Since when no worker has been seen; null while one is. */
  silentSince: Date | null;
};

/** All that needs attention, the gravest first. */
export function concernsOf(facts: Facts, ago: (at: Date) => string): Concern[] {
  const about = (name: keyof Counts) => aboutCounted(name, facts.counts[name]);
  const ofAccounts = [...aboutPlaces(facts.places), ...about('locked'), ...about('expiring'), ...about('owing'), ...about('low')];
  return [...aboutBooks(facts), ...aboutWork(facts, ago), ...about('failedLetters'), ...ofAccounts];
}

function aboutBooks({ proof }: Facts): Concern[] {
  if (!proof) return [];
  if (proof.wrongUsers > 0) return [wrongBooks(proof)];
  if (!proof.isOld) return [];
  return [
    {
      tone: 'warn',
      icon: 'clock',
      text: 'The books have not been proved last night. The worker does it.',
      href: '/settings#currency',
    },
  ];
}

const shownWrong = 5;

function wrongBooks({ wrongUsers, wrong }: KeptProof): Concern {
  const more = wrong.slice(0, shownWrong).map(({ userId, username, why }) => ({
    text: `${username ?? `Account ${userId}`}: ${why} (in minor units)`,
    href: username && `/users/${username}/balance`,
  }));
  const text = `The books do not agree for ${numbered(wrongUsers, 'account', 'accounts')}.`;
  return { tone: 'bad', icon: 'shield-alert', text, href: '/history?act=ledger.found-wrong', more };
}

function aboutWork({ silentSince, mailServer }: Facts, ago: (at: Date) => string): Concern[] {
  const concerns: Concern[] = [];
  if (silentSince)
    concerns.push({
      tone: 'bad',
      icon: 'circle-alert',
      text: `The last sign of a worker was ${ago(silentSince)}: mail, imports and acts in bulk wait.`,
      href: '/mail?state=queued',
    });
  if (mailServer.failingSince)
    concerns.push({
      tone: 'bad',
      icon: 'mail',
      text: `Mail cannot be sent: the server failed first ${ago(mailServer.failingSince)}.`,
      href: '/mail?state=queued',
    });
  return concerns;
}

/** The limit is near when a tenth of it is left. */
const nearlyFull = 0.9;

function aboutPlaces({ isFull, used, limit, requests, url }: Places): Concern[] {
  const concerns: Concern[] = [];
  if (isFull)
    concerns.push({
      tone: 'bad',
      icon: 'users',
      text: `All ${figure(limit)} accounts are in use: nobody can be added.`,
      href: url,
    });
  else if (limit > 0 && used >= limit * nearlyFull)
    concerns.push({ tone: 'warn', icon: 'users', text: `${figure(used)} of ${figure(limit)} accounts are in use.`, href: url });
  if (requests > 0)
    concerns.push({
      tone: 'info',
      icon: 'user-plus',
      text: `${requests < 100 ? numbered(requests, 'request waits', 'requests wait') : '100 requests or more wait'} for approval.`,
      href: '/users?state=requested',
    });
  return concerns;
}

type Counted = Omit<Concern, 'text'> & { one: string; many: string; what: string };

/** What is said of each count: “3 accounts are locked.” */
const counted: Record<keyof Counts, Counted> = {
  failedLetters: {
    one: 'mail',
    many: 'mails',
    what: 'could not be sent in the last 7 days',
    tone: 'warn',
    icon: 'mail',
    href: '/mail?state=failed',
  },
  locked: { one: 'account is', many: 'accounts are', what: 'locked', tone: 'warn', icon: 'lock', href: '/users?state=locked' },
  expiring: {
    one: 'account ends',
    many: 'accounts end',
    what: 'within 7 days',
    tone: 'info',
    icon: 'calendar',
    href: '/users?expires=%3C7d&sort=expires',
  },
  owing: {
    one: 'balance is',
    many: 'balances are',
    what: 'below zero',
    tone: 'warn',
    icon: 'wallet',
    href: '/users?balance=%3C0&sort=balance',
  },
  low: {
    one: 'balance is',
    many: 'balances are',
    what: 'low',
    tone: 'info',
    icon: 'wallet',
    href: '/users?balance=low&sort=balance',
  },
};

/** Nothing where there are none. */
function aboutCounted(name: keyof Counts, count: number): Concern[] {
  const { one, many, what, ...concern } = counted[name];
  return count > 0 ? [{ ...concern, text: `${numbered(count, one, many)} ${what}.` }] : [];
}

/** “3 mails”, “more than 1,000 mails”. */
const numbered = (count: number, one: string, many: string) =>
  count > most ? `More than ${figure(most)} ${many}` : `${figure(count)} ${count === 1 ? one : many}`;
