/** A time in a filter: a day to compare with, a number of days from now, or never. */
export type Moment = { sign: '<' | '>' | '='; day: string } | { sign: '<' | '>'; days: number } | { sign: 'never' };

/** Reads `>90d`, `<7d`, `<2026-01-01`, `2026-01-01` or `never`; null for anything else. */
export function readMoment(text: string): Moment | null {
  if (text === 'never') return { sign: 'never' };
  const [, sign = '', days, day] = /^([<>]?)(?:(\d{1,5})d|(\d{4}-\d\d-\d\d))$/.exec(text) ?? [];
  if (days) return { sign: (sign || '<') as '<' | '>', days: Number(days) };
  if (!day || Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day) return null;
  return { sign: (sign || '=') as '<' | '>' | '=', day };
}

type Condition = { sql: string; bindings: (string | number)[] };

/**
 * The SQL of a moment upon a column. `>90d` is further from now than ninety days, in either direction; an account that never
 * signed in was, for that, last seen at its beginning.
 */
export function condition(column: string, moment: Moment): Condition {
  if (moment.sign === 'never') return { sql: `${column} is null`, bindings: [] };
  if ('days' in moment) return { sql: away(column, moment.sign), bindings: [moment.days] };
  if (moment.sign === '=') return { sql: `${column} >= ?::date and ${column} < ?::date + 1`, bindings: [moment.day, moment.day] };
  return { sql: `${column} ${moment.sign} ?::date`, bindings: [moment.day] };
}

function away(column: string, sign: '<' | '>'): string {
  const days = 'make_interval(days => ?)';
  const isAhead = column === 'users.expires_at';
  if (isAhead) return sign === '<' ? `${column} between now() and now() + ${days}` : `${column} > now() + ${days}`;
  return sign === '<' ? `${column} > now() - ${days}` : `coalesce(${column}, users.registered_at) < now() - ${days}`;
}
