import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { decimalsOf } from '../ground/money.ts';
import { holderAt, type Place } from '../users/holder.pages.ts';
import type { User } from '../users/user.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { sendCsv } from '../web/csv.ts';
import { page } from '../web/page.ts';
import { plainMomentIn, zoneOf } from '../web/time.ts';
import { drawn } from './balance.pages.ts';
import { dayWords, isCountedDay, monthOf, type Period, todayIn, yearOf } from './period.ts';
import { balancePath } from './place.pages.ts';
import { firstRows, mostShown, readStatement, statementFile } from './statement.ts';

/** What a user's balance was at the beginning of some days, what moved it, and what it was at their end: to read and to print. */
export const showStatement = (place: Place) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const user = await holderAt(req, place);
  const today = await todayIn(db, zoneOf(req));
  const { period, errors, typed } = readPeriod(req, today);
  const statement = await readStatement(db, user.id, period);
  const path = `${balancePath(place, user)}/statement`;
  await page(req, res.status(Object.keys(errors).length > 0 ? 422 : 200), 'balance/statement', {
    title: `Statement of ${user.name}, ${dayWords(period.from)} to ${dayWords(period.to)}`,
    section: place === 'my' ? 'my-balance' : 'users',
    ...drawn(req),
    user,
    path,
    crumbs: crumbsTo(place, user),
    period,
    typed,
    errors,
    statement,
    rows: await firstRows(db, user.id, statement),
    mostShown,
    csvHref: addressOf(`${path}.csv`, period),
    presets: presetsOf(path, period, today),
    dayWords,
  });
};

/** The same as a file, however many rows it has. */
export const sendStatement = (place: Place) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const user = await holderAt(req, place);
  const { period, errors } = readPeriod(req, await todayIn(db, zoneOf(req)));
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  const { currency } = contextOf(req).config;
  const printed = { currency, decimals: decimalsOf(currency), moment: plainMomentIn(period.timeZone) };
  const name = `statement-${user.username}-${period.from}-${period.to}.csv`;
  await sendCsv(res, name, statementFile(db, user, period, printed));
};

function crumbsTo(place: Place, user: User) {
  const balance = { href: balancePath(place, user), label: 'Balance' };
  if (place === 'my') return [balance];
  return [{ href: '/users', label: 'Users' }, { href: `/users/${user.username}`, label: user.name }, balance];
}

type Asked = { period: Period; errors: Record<string, string>; typed: { from: string; to: string } };

/** The period of an address: the month of today unless it says another. With a mistake in it that month is shown beside the sentence. */
function readPeriod(req: Request, today: string): Asked {
  const text = (name: 'from' | 'to') => (typeof req.query[name] === 'string' ? req.query[name].trim().slice(0, 20) : '');
  const month = monthOf(today);
  const typed = { from: text('from') || month.from, to: text('to') || (text('from') ? today : month.to) };
  const errors: Record<string, string> = {};
  for (const name of ['from', 'to'] as const) if (!isCountedDay(typed[name])) errors[name] = 'A day such as 2026-05-31, please.';
  if (!errors.from && !errors.to && typed.from > typed.to) errors.to = 'Not before the first day.';
  const days = Object.keys(errors).length > 0 ? month : typed;
  return { period: { ...days, timeZone: zoneOf(req) }, errors, typed };
}

const addressOf = (path: string, { from, to }: Pick<Period, 'from' | 'to'>) => `${path}?${new URLSearchParams({ from, to })}`;

/** The months around the one that is shown, and other usual periods. */
function presetsOf(path: string, period: Period, today: string) {
  const preset = (label: string, days: Pick<Period, 'from' | 'to'>) => ({
    label,
    href: addressOf(path, days),
    current: days.from === period.from && days.to === period.to,
  });
  return [
    preset('Month before', monthOf(period.from, -1)),
    preset('This month', monthOf(today)),
    preset('Last month', monthOf(today, -1)),
    preset('This year', yearOf(today)),
    preset('Month after', monthOf(period.from, 1)),
  ];
}
