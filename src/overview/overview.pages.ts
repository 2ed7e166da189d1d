import type { Request, Response } from 'express';
import { type State, stateNames } from '../access/standing.ts';
import { type MoneyDay, readMoneyDays } from '../balance/days.ts';
import { dayWords } from '../balance/period.ts';
import { readLastProof } from '../balance/proof.ts';
import { silentSince } from '../jobs/sign.ts';
import { readMailServer } from '../mail/server.ts';
import { badgesOf } from '../users/badges.ts';
import { readPlaces } from '../users/limit.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { figure, money } from '../web/figures.ts';
import { page } from '../web/page.ts';
import { ago } from '../web/time.ts';
import { countStates, type RegistrationDay, readRegistrations, type StateCounts } from './accounts.ts';
import { concernsOf, countConcerns } from './attention.ts';
import { chartOf } from './chart.ts';

/** How many days back the charts may go. */
const ranges = [7, 30, 90] as const;
const usualRange = 30;

/** Where administrators begin: what needs attention, how many users there are, who came, and what was moved. */
export const showOverview = async (req: Request, res: Response): Promise<void> => {
  const db = dbOf(req);
  const days = ranges.find((range) => String(range) === req.query.days) ?? usualRange;
  // One after the other: a page that many have open must not take the connections of those who work.
  const facts = {
    counts: await countConcerns(db),
    places: await readPlaces(db),
    proof: await readLastProof(db),
    mailServer: await readMailServer(db),
    silentSince: await silentSince(db),
  };
  const { places, proof } = facts;
  await page(req, res, 'overview/show', {
    title: 'Overview',
    section: 'overview',
    places,
    proof,
    concerns: concernsOf(facts, ago),
    states: statesShown(await countStates(db), places.used),
    tabs: ranges.map((range) => ({ href: `/?days=${range}`, label: `${range} days`, current: range === days })),
    registered: registrationChart(await readRegistrations(db, days)),
    money: moneyChart(await readMoneyDays(db, days), contextOf(req).config.currency),
  });
};

/** Each state with its badge, its part of all, and the list of those who are in it. */
function statesShown(counts: StateCounts, total: number) {
  const beside = { username: '', isLocked: false, isVerified: true, isExpired: false, isFederated: false, deletedAt: null };
  return (Object.keys(stateNames) as State[]).map((state) => ({
    badge: badgesOf({ ...beside, state })[0],
    count: counts[state],
    share: total > 0 ? Math.round((counts[state] / total) * 1000) / 10 : 0,
    href: `/users?state=${stateNames[state].toLowerCase()}`,
  }));
}

function registrationChart(days: RegistrationDay[]) {
  const values = days.map(({ registered }) => registered);
  const chart = chartOf({
    id: 'registrations',
    title: 'Registrations per day',
    days: days.map(({ day }) => day),
    series: [{ name: 'Registered', style: 'info', values }],
    words: figure,
    dayWords,
  });
  const rows = days.toReversed().map(({ day, registered }) => ({
    day: dayWords(day),
    href: registered > 0 ? `/users?registered=${day}` : null,
    cells: [figure(registered)],
  }));
  return { chart, rows, heads: ['Registered'] };
}

function moneyChart(days: MoneyDay[], currency: string) {
  const words = (minor: number) => money(minor, currency);
  const series = [
    { name: 'Refills', style: 'ok', values: days.map(({ refilledMinor }) => refilledMinor) },
    { name: 'Payments', style: 'info', values: days.map(({ paidMinor }) => -paidMinor) },
    { name: 'Cancelled', style: 'warn', values: days.map(({ cancelledMinor }) => Math.abs(cancelledMinor)) },
  ];
  const chart = chartOf({ id: 'money', title: 'Money per day', days: days.map(({ day }) => day), series, words, dayWords });
  const rows = days.toReversed().map((day) => ({
    day: dayWords(day.day),
    href: null,
    cells: [
      `${words(day.refilledMinor)} (${figure(day.refills)})`,
      `${words(day.paidMinor)} (${figure(day.payments)})`,
      `${words(day.cancelledMinor)} (${figure(day.cancellations)})`,
    ],
  }));
  return { chart, rows, heads: ['Refills', 'Payments', 'Cancellations'] };
}
