import { writeCursor } from '../../src/ground/keyset.ts';
import type { Crowd, Place } from '../crowd.ts';
import { page, type Scenario } from './scenario.ts';

/** The columns of the list, with all that stands beside the state. */
const columns = `id, username, name, email, phone, profile, description, state, state_reason, things, balance_minor, last_sign_in_at, registered_at,
  deleted_at, locked_at is not null as is_locked, email_verified_at is not null as is_verified,
  coalesce(expires_at <= now(), false) as is_expired`;

const latestFirst = 'registered_at desc, id desc';

/** The rows of a list: live accounts that match, in an order. */
export const rows = (where = '', order = latestFirst, limit = 25) =>
  `select ${columns} from users where deleted_at is null${where && ` and ${where}`} order by ${order} limit ${limit}`;

const list = (name: string, path: string, sql: string) => page(name, 'list', [sql], [{ path }]);

/** Every way in which the list is looked at without searching. */
export const lists = ({ places, pageNumber }: Crowd): Scenario[] => [
  list('first page', '/users', rows()),
  list('100 rows', '/users?limit=100', rows('', latestFirst, 100)),
  ...Object.entries(sorts).flatMap(([name, key]) => [
    list(`sort: ${name}`, `/users?sort=${name}`, rows('', `${key}, id`)),
    list(`sort: -${name}`, `/users?sort=-${name}`, rows('', `${key} desc, id desc`)),
  ]),
  ...Object.entries(filters).map(([query, where]) => list(`filter: ${query}`, `/users?${encoded(query)}`, rows(where))),
  list(
    'filter: four at once, sorted',
    `/users?${encoded(several.query)}&sort=-last`,
    rows(several.where, `${sorts.last} desc, id desc`),
  ),
  list('five words, as a saved view keeps them', `/users?q=${encodeURIComponent(words.query)}`, rows(words.where)),
  ...deep(places, pageNumber.toLocaleString('en')),
  page(
    'deleted users',
    'list',
    [`select ${columns} from users where deleted_at is not null order by deleted_at desc, id desc limit 25`],
    [{ path: '/users/deleted' }],
  ),
];

/** Each sort of the list with the expression that has an index. */
const sorts = {
  name: 'fold(name)',
  username: 'username',
  email: 'lower(email collate "C")',
  phone: 'phone',
  profile: 'profile',
  description: 'left(description, 60)',
  state: 'state',
  things: 'things',
  last: `coalesce(last_sign_in_at, 'epoch')`,
  registered: 'registered_at',
  expires: `coalesce(expires_at, 'infinity')`,
  balance: 'balance_minor',
};

const daysAgo = (days: number) => `now() - make_interval(days => ${days})`;

/** Each filter in words that its index understands. */
const filters: Record<string, string> = {
  'state=suspended': `state = 'STATE_SUSPENDED'`,
  'state=locked': 'locked_at is not null',
  'profile=monitor': `profile = 'monitor'`,
  'verified=no': 'email_verified_at is null',
  'verified=yes': 'email_verified_at is not null',
  'type=legal': `user_type = 'legal_entity'`,
  'last=>90d': `coalesce(last_sign_in_at, registered_at) < ${daysAgo(90)} and ${sorts.last} < ${daysAgo(90)} and registered_at < ${daysAgo(90)}`,
  'last=never': `${sorts.last} = 'epoch'`,
  'registered=<7d': `registered_at > ${daysAgo(7)}`,
  'registered=<2025-01-01': `registered_at < '2025-01-01'::date`,
  'expires=<7d': `${sorts.expires} between now() and now() + make_interval(days => 7)`,
  'balance=<0': 'balance_minor < 0',
};

const several = {
  query: 'state=inactive&profile=monitor&verified=no&type=legal',
  where: `state = 'STATE_INACTIVE' and profile = 'monitor' and email_verified_at is null and user_type = 'legal_entity'`,
};

const words = {
  query: 'state:active,flagged profile:customer verified:yes last:>90d -example.org',
  where: `state in ('STATE_APPROVED', 'STATE_FLAGGED') and profile = 'customer' and email_verified_at is not null
    and ${filters['last=>90d']} and not (search like '%example.org%')`,
};

/** Only the values of a query need encoding here. */
const encoded = (query: string) => query.replaceAll('<', '%3C').replaceAll('>', '%3E');

/** Around page 10,000 by the key of a row: on, back, and by a link that somebody was sent. */
function deep(places: Place[], pageNumber: string): Scenario[] {
  const before = rows('(registered_at, id) > ($1::timestamptz, $2)', 'registered_at, id');
  const after = rows('(registered_at, id) < ($1::timestamptz, $2)');
  const turns = (way: 'before' | 'after') =>
    places.map((place) => ({ path: `/users?${way}=${writeCursor(place)}`, values: [[place.key, place.id]] }));
  return [
    page(`next at page ${pageNumber}`, 'list', [after], turns('after')),
    page(`previous at page ${pageNumber}`, 'list', [before], turns('before')),
    page(`jump to page ${pageNumber} (a link)`, 'list', [after], turns('after'), { isFresh: true }),
  ];
}
