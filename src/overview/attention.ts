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
  return [...aboutBooks(facts), ...aboutWork(facts, ago), ...aboutAccounts(facts), ...aboutMoney(facts)];
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

function aboutWork({ silentSince, mailServer, counts }: Facts, ago: (at: Date) => string): Concern[] {
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
  const failed = aboutSome(counts.failedLetters, 'mail', 'mails', 'could not be sent in the last 7 days', {
    tone: 'warn',
    icon: 'mail',
    href: '/mail?state=failed',
  });
  return [...concerns, ...failed];
}

/** The limit is near when a tenth of it is left. */
const nearlyFull = 0.9;

function aboutAccounts({ places, counts }: Facts): Concern[] {
  return [
    ...aboutPlaces(places),
    ...aboutSome(counts.locked, 'account is', 'accounts are', 'locked', {
      tone: 'warn',
      icon: 'lock',
      href: '/users?state=locked',
    }),
    ...aboutSome(counts.expiring, 'account ends', 'accounts end', 'within 7 days', {
      tone: 'info',
      icon: 'calendar',
      href: '/users?expires=%3C7d&sort=expires',
    }),
  ];
}

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

const aboutMoney = ({ counts }: Facts): Concern[] => [
  ...aboutSome(counts.owing, 'balance is', 'balances are', 'below zero', {
    tone: 'warn',
    icon: 'wallet',
    href: '/users?balance=%3C0&sort=balance',
  }),
  ...aboutSome(counts.low, 'balance is', 'balances are', 'low', {
    tone: 'info',
    icon: 'wallet',
    href: '/users?balance=low&sort=balance',
  }),
];

/** “3 accounts are locked.”; nothing where there are none. */
const aboutSome = (count: number, one: string, many: string, what: string, concern: Omit<Concern, 'text'>): Concern[] =>
  count > 0 ? [{ ...concern, text: `${numbered(count, one, many)} ${what}.` }] : [];

/** “3 mails”, “more than 1,000 mails”. */
const numbered = (count: number, one: string, many: string) =>
  count > most ? `More than ${figure(most)} ${many}` : `${figure(count)} ${count === 1 ? one : many}`;
