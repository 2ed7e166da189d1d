import type { Crowd } from '../crowd.ts';
import { rows } from './lists.ts';
import { page, type Scenario } from './scenario.ts';

const one = 'select * from users where username = $1';

/** The pages of one account, each time another one. */
export const accounts = ({ usernames, firstPage }: Crowd): Scenario[] => [
  page(
    'details in the list',
    'details',
    [rows(), one],
    firstPage.map((username) => ({ path: `/users?open=${username}`, values: [[], [username]] })),
  ),
  page(
    'a user',
    'user',
    [one],
    usernames.map((username) => ({ path: `/users/${username}`, values: [[username]] })),
  ),
  page(
    'edit form',
    'form',
    [one],
    usernames.map((username) => ({ path: `/users/${username}/edit`, values: [[username]] })),
  ),
];

/** The latest acts upon everybody: measured after the acts, so that there are some. */
export const history: Scenario = page(
  'history',
  'history',
  [
    `select history.id, at, act, outcome, actor_id, user_id, request_id, a.words as actor_words, u.words as user_words
     from history left join history_words a on a.history_id = history.id and a.part = 'actor'
     left join history_words u on u.history_id = history.id and u.part = 'user'
     order by history.id desc limit 50`,
  ],
  [{ path: '/history' }],
);
