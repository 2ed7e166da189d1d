import { orders } from './order.ts';

/** A time in a filter: a day to compare with, a number of days from now, or never. */
export type Moment = { sign: '<' | '>' | '='; day: string } | { sign: '<' | '>'; days: number } | { sign: 'never' };

/** Reads `>90d`, `<7d`, `<2026-01-01`, `2026-01-01` or `never`; null for anything else. */
export function readMoment(text: string): Moment | null {
  if (text === 'never') return { sign: 'never' };
  const [, sign = '', days, day] = /^([<>]?)(?:(\d{1,5})d|(\d{4}-\d\d-\d\d))$/.exec(text) ?? [];
  if (days) return { sign: (sign || '<') as '<' | '>', days: Number(days) };
  if (!day || Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day || day < '0001') return null;
  return { sign: (sign || '=') as '<' | '>' | '=', day };
}

type Condition = { sql: string; bindings: (string | number)[] };

/** The moments of a user that can be asked for, each as the expression that its index has. */
const expressions = {
  last: orders.last.expression,
  registered: orders.registered.expression,
  expires: orders.expires.expression,
  lasts: orders.lasts.expression,
};

export type MomentName = keyof typeof expressions;

/** What an expression has in place of a moment that never was, or never comes; nobody's registration is so. */
const nevers: Record<MomentName, string> = { last: 'epoch', registered: 'infinity', expires: 'infinity', lasts: 'infinity' };

/** The SQL of a moment. `>90d` is further from now than ninety days, in either direction. */
export function condition(name: MomentName, moment: Moment): Condition {
  const expression = expressions[name];
  if (moment.sign === 'never') return { sql: `${expression} = '${nevers[name]}'`, bindings: [] };
  if ('days' in moment) return away(name, moment);
  const { sign, day } = moment;
  if (sign === '=') return { sql: `${expression} >= ?::date and ${expression} < ?::date + 1`, bindings: [day, day] };
  const after = `${expression} >= ?::date + 1`;
  if (sign === '>') return { sql: isAhead(name) ? `${after} and ${expression} < 'infinity'` : after, bindings: [day] };
  return name === 'last'
    ? before(`${expression} > 'epoch'`, '?::date', day)
    : { sql: `${expression} < ?::date`, bindings: [day] };
}

/** These lie ahead, where they are not never. */
const isAhead = (name: MomentName) => name === 'expires' || name === 'lasts';

function away(name: MomentName, { sign, days }: { sign: '<' | '>'; days: number }): Condition {
  const expression = expressions[name];
  const span = 'make_interval(days => ?)';
  // Whose balance has run out already is among those whose balance does not last.
  if (name === 'lasts' && sign === '<') return { sql: `${expression} < now() + ${span}`, bindings: [days] };
  if (isAhead(name)) {
    return sign === '<'
      ? { sql: `${expression} between now() and now() + ${span}`, bindings: [days] }
      : { sql: `${expression} > now() + ${span} and ${expression} < 'infinity'`, bindings: [days] };
  }
  if (sign === '<') return { sql: `${expression} > now() - ${span}`, bindings: [days] };
  // Whoever never signed in was last seen at the beginning; then the moment has to lie before it too.
  if (name === 'last')
    return before(`coalesce(users.last_sign_in_at, users.registered_at) < now() - ${span}`, `now() - ${span}`, days);
  return { sql: `${expression} < now() - ${span}`, bindings: [days] };
}

/** Nobody signs in before being registered: that follows, and lets the index of registration begin where it becomes true. */
function before(condition: string, moment: string, binding: string | number): Condition {
  const sql = `${condition} and ${expressions.last} < ${moment} and ${expressions.registered} < ${moment}`;
  return { sql, bindings: Array(sql.split('?').length - 1).fill(binding) };
}

/** A time in a filter as people read it: “more than 90 days ago”; what cannot be read as it stands. */
export function sayMoment(name: MomentName, text: string): string {
  const moment = readMoment(text);
  if (!moment) return text;
  if (moment.sign === 'never') return name === 'lasts' ? 'nothing renews' : 'never';
  if ('day' in moment) return `${{ '<': 'before', '>': 'after', '=': 'on' }[moment.sign]} ${moment.day}`;
  const span = moment.days === 1 ? 'day' : 'days';
  if (name === 'lasts') return `${moment.sign === '<' ? 'less than' : 'more than'} ${moment.days} ${span}`;
  if (name === 'expires') return `${moment.sign === '<' ? 'within' : 'in more than'} ${moment.days} ${span}`;
  return moment.sign === '<' ? `in the last ${moment.days} ${span}` : `more than ${moment.days} ${span} ago`;
}
