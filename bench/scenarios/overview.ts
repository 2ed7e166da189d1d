import { page, type Scenario } from './scenario.ts';

const daysShown = 30;
const since = (column: string) =>
  `${column} >= ((now() at time zone 'UTC')::date - ${daysShown - 1})::timestamp at time zone 'UTC'`;
const dayOf = (column: string) => `(${column} at time zone 'UTC')::date`;

/** Where administrators begin: users by state, and what each day has brought. */
export const overview: Scenario = page(
  'overview',
  'rows',
  [
    `select state, count(*) from users where deleted_at is null and state <> 'STATE_APPROVED' group by state`,
    `select ${dayOf('registered_at')} as day, count(*) from users where deleted_at is null and ${since('registered_at')} group by 1`,
    `select ${dayOf('at')} as day, kind, sum(amount_minor) from transactions where ${since('at')} group by 1, 2`,
  ],
  [{ path: '/' }],
);
