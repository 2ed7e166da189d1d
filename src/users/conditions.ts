import { profiles } from '../access/profiles.ts';
import { stateNames, states } from '../access/standing.ts';
import { condition, type MomentName, readMoment } from './moments.ts';
import { orders } from './order.ts';

/** What narrows a list, as SQL. */
export type Condition = { sql: string; bindings: readonly (string | number)[] };

/** The condition under which one of a filter's words holds, or when excluded none; null when one of them is unknown. */
export type ReadWords = (words: readonly string[], isExcluded: boolean) => Condition | null;

/** A column with a closed set of values: what is excluded is asked for as all the others, which an index can find. */
const oneOf =
  (column: string, values: Record<string, string>): ReadWords =>
  (words, isExcluded) => {
    if (!words.every((word) => Object.hasOwn(values, word))) return null;
    const bindings = Object.keys(values).flatMap((word) => (words.includes(word) === isExcluded ? [] : [values[word] as string]));
    return { sql: bindings.length > 0 ? `${column} in (${bindings.map(() => '?')})` : 'false', bindings };
  };

export const typeWords = { individual: 'individual', legal: 'legal_entity' };
const stateWords: Record<string, string> = Object.fromEntries(states.map((state) => [stateNames[state].toLowerCase(), state]));

/** Words of `state` that are no states, each with its opposite. */
const besideState: Record<string, [is: string, isNot: string]> = {
  locked: ['users.locked_at is not null', 'users.locked_at is null'],
  unverified: ['users.email_verified_at is null', 'users.email_verified_at is not null'],
  expired: [`${orders.expires.expression} <= now()`, `${orders.expires.expression} > now()`],
  federated: [`users.identity_source = 'federated'`, `users.identity_source <> 'federated'`],
  deleted: ['users.deleted_at is not null', 'users.deleted_at is null'],
};

/** What `state` is offered as; the deleted have a page of their own, to which their word leads. */
export const stateChoices = [...Object.keys(stateWords), ...Object.keys(besideState)].filter((word) => word !== 'deleted');

export const byProfile = oneOf('users.profile', Object.fromEntries(profiles.map((profile) => [profile, profile])));
export const byType = oneOf('users.user_type', typeWords);

/** Groups by their names in whatever case; `none` for users who are in none. What excludes, excludes each of them. */
export const byGroup: ReadWords = (words, isExcluded) => {
  const names = words.filter((word) => word !== 'none');
  const inSome = `users.id in (select m.user_id from group_users m join groups g on g.id = m.group_id where fold(g.name) in (${names.map(() => 'fold(?)')}))`;
  const inNone = 'not exists (select from group_users m where m.user_id = users.id)';
  const either = [...(names.length > 0 ? [inSome] : []), ...(names.length < words.length ? [inNone] : [])].join(' or ');
  return { sql: isExcluded ? `not (${either})` : `(${either})`, bindings: names };
};

export const byState: ReadWords = (words, isExcluded) => {
  const states = words.filter((word) => Object.hasOwn(stateWords, word));
  const others = words.filter((word) => Object.hasOwn(besideState, word));
  if (states.length + others.length < words.length) return null;
  const inState = states.length > 0 ? oneOf('users.state', stateWords)(states, isExcluded) : null;
  const beside = others.map((word) => besideState[word]?.[isExcluded ? 1 : 0] as string);
  const all = inState ? [inState.sql, ...beside] : beside;
  return { sql: `(${all.join(isExcluded ? ' and ' : ' or ')})`, bindings: inState?.bindings ?? [] };
};

export const byVerified: ReadWords = (words, isExcluded) => {
  if (!words.every((word) => word === 'yes' || word === 'no')) return null;
  const sql = { yes: 'users.email_verified_at is not null', no: 'users.email_verified_at is null' };
  const left = (['yes', 'no'] as const).filter((word) => words.includes(word) !== isExcluded);
  return { sql: left.length > 0 ? `(${left.map((word) => sql[word]).join(' or ')})` : 'false', bindings: [] };
};

/** Of measures all must hold: `>2026-01-01,<2026-02-01` lies between the two. */
const measured =
  (readOne: (word: string) => Condition | null): ReadWords =>
  (words, isExcluded) => {
    const found = words.map(readOne).filter((one) => one !== null);
    if (found.length < words.length) return null;
    const sql = found.map((one) => (isExcluded ? `not (${one.sql})` : one.sql)).join(' and ');
    return { sql, bindings: found.flatMap((one) => one.bindings) };
  };

export const byMoment = (name: MomentName) =>
  measured((word) => {
    const moment = readMoment(word);
    const isSilly = name === 'registered' && moment?.sign === 'never'; // Everybody has been registered.
    return moment && !isSilly ? condition(name, moment) : null;
  });

/** An amount in minor units (cents), with or without a sign of comparison; null for anything else. */
export function readAmount(word: string): { sign: '<' | '>' | '='; minor: number } | null {
  const [, sign, digits] = /^([<>]?)(-?\d{1,15})$/.exec(word) ?? [];
  return digits ? { sign: (sign || '=') as '<' | '>' | '=', minor: Number(digits) } : null;
}

export const byBalance = measured((word) => {
  if (word === 'low') return { sql: 'users.balance_low_since is not null', bindings: [] };
  const amount = readAmount(word);
  return amount && { sql: `users.balance_minor ${amount.sign} ?`, bindings: [amount.minor] };
});
