import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { isDay } from '../ground/fields.ts';

/** Days such as 2026-05-31, both included, as they are counted in a time zone. */
export type Period = { from: string; to: string; timeZone: string };

/** Today in a time zone, by the database's clock. */
export async function todayIn(db: Db, timeZone: string): Promise<string> {
  const { rows } = await db.raw(`select to_char(now() at time zone ?, 'YYYY-MM-DD') as today`, [timeZone]);
  return rows[0].today;
}

/** The month of a day, `months` later. */
export function monthOf(day: string, months = 0): Pick<Period, 'from' | 'to'> {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0));
  return { from: dayOf(first), to: dayOf(last) };
}

/** The year of a day. */
export const yearOf = (day: string): Pick<Period, 'from' | 'to'> => ({
  from: `${day.slice(0, 4)}-01-01`,
  to: `${day.slice(0, 4)}-12-31`,
});

const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/** A day that the database counts, too. */
export const isCountedDay = (text: string) => isDay(text) && text >= '1900-01-01';

/** The day that an address says, null where it says none. */
export const dayIn = (value: unknown): string | null => (typeof value === 'string' && isCountedDay(value) ? value : null);

/** Narrows a query to the days from one to another, both included and either of them open, as they are counted in a time zone. */
export function withinDays(
  query: Knex.QueryBuilder,
  column: string,
  { from, to, timeZone }: { from?: string | null | undefined; to?: string | null | undefined; timeZone: string },
): void {
  if (from) query.whereRaw('?? >= (?::date)::timestamp at time zone ?', [column, from, timeZone]);
  if (to) query.whereRaw('?? < (?::date + 1)::timestamp at time zone ?', [column, to, timeZone]);
}

const shown = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** “31 May 2026”. */
export const dayWords = (day: string): string => shown.format(new Date(`${day}T00:00:00Z`));
