import type { Shot } from './load.ts';

/** What is measured: a page of Roster, beside the same rows from the floor and from bare SQL where there are such. */
export type Scenario = { name: string; path: string | (() => string); floor?: string; sql?: string };

export type Places = { deep: string; deepKey: string; usernames: string[] };

const line = `id, username, name, email, phone, profile, description, state, state_reason, last_sign_in_at, registered_at, deleted_at,
  locked_at is not null, email_verified_at is not null, coalesce(expires_at <= now(), false), identity_source`;
const rows = (where: string, order = 'registered_at desc, id desc', limit = 26) =>
  `select ${line} from users where deleted_at is null ${where && `and ${where}`} order by ${order} limit ${limit}`;
const matches = (part: string) => `search like '%' || fold('${part}') || '%'`;

/** Every way in which the list is looked at, and the pages beside it. `places` are rows of the seeded crowd. */
export function scenarios({ deep, deepKey, usernames }: Places): Scenario[] {
  let turn = 0;
  const next = () => {
    turn += 1;
    return usernames[turn % usernames.length] as string;
  };
  return [
    { name: 'list, first page', path: '/users', floor: '/users', sql: rows('') },
    { name: 'list, 100 rows', path: '/users?limit=100', floor: '/users?limit=100', sql: rows('', undefined, 101) },
    ...['name', 'username', 'email', 'phone', 'profile', 'description', 'state', '-last', '-registered'].map((sort) => ({
      name: `sorted by ${sort.replace('-', '')}`,
      path: `/users?sort=${sort}`,
      ...(sort === 'name' || sort === 'email'
        ? { floor: `/users?sort=${sort}`, sql: rows('', sort === 'name' ? 'fold(name), id' : 'lower(email collate "C"), id') }
        : {}),
    })),
    {
      name: 'next at page 10,000',
      path: `/users?after=${deep}`,
      floor: `/users?after=${encodeURIComponent(deepKey)}`,
      sql: rows(`(registered_at, id) < ('${deepKey}', 9223372036854775807)`),
    },
    { name: 'previous at page 10,000', path: `/users?before=${deep}` },
    { name: 'search, none', path: '/users?q=zzqqzz', floor: '/users?q=zzqqzz', sql: rows(matches('zzqqzz')) },
    { name: 'search, about 100', path: '/users?q=user-7777', floor: '/users?q=user-7777', sql: rows(matches('user-7777')) },
    { name: 'search, tens of thousands', path: '/users?q=smirnova', floor: '/users?q=smirnova', sql: rows(matches('smirnova')) },
    {
      name: 'search by part of an email',
      path: '/users?q=fleet.example',
      floor: '/users?q=fleet.example',
      sql: rows(matches('fleet.example')),
    },
    { name: 'search by part of a phone', path: '/users?q=37529123', floor: '/users?q=37529123', sql: rows(matches('37529123')) },
    { name: 'search, two letters', path: '/users?q=iv' },
    { name: 'search, two words', path: '/users?q=ines+smirnova' },
    {
      name: 'filter: suspended',
      path: '/users?state=suspended',
      floor: '/users?state=STATE_SUSPENDED',
      sql: rows(`state = 'STATE_SUSPENDED'`),
    },
    { name: 'filter: locked, by name', path: '/users?state=locked&sort=name' },
    { name: 'filter: profile', path: '/users?profile=monitor' },
    { name: 'filter: not verified', path: '/users?verified=no' },
    { name: 'filter: user type', path: '/users?type=legal' },
    { name: 'filter: last sign-in', path: '/users?last=%3E90d' },
    { name: 'filter: registered', path: '/users?registered=%3C2025-01-01' },
    { name: 'filter: expires', path: '/users?expires=%3C7d' },
    { name: 'filter: three at once', path: '/users?state=inactive&profile=monitor&verified=no&sort=-last' },
    {
      name: 'exact count of a search',
      path: '/users/count?q=smirnova',
      sql: `select count(*) from users where deleted_at is null and ${matches('smirnova')}`,
    },
    { name: 'details in place', path: () => `/users?open=${next()}` },
    {
      name: 'a user',
      path: () => `/users/${next()}`,
      floor: '/users/user-777',
      sql: `select * from users where username = 'user-777'`,
    },
    { name: 'edit form', path: () => `/users/${next()}/edit` },
    { name: 'deleted users', path: '/users/deleted' },
    { name: 'history', path: '/history' },
  ];
}

/** A form post as a browser without script sends it. */
export const post = (path: string, fields: Record<string, string>): Shot => ({
  path,
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
