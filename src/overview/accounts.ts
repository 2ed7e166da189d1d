import { type State, states } from '../access/standing.ts';
import type { Db } from '../ground/database.ts';

/** How many live users are in each state. */
export type StateCounts = Record<State, number>;

/** As a rule most accounts are active: these are what the others leave of the kept total, so an index is read for few. */
export async function countStates(db: Db): Promise<StateCounts> {
  const others = states.filter((state) => state !== 'STATE_APPROVED');
  const { rows } = await db.raw(
    `select live, coalesce((select json_object_agg(state, number) from (
       select state, count(*) as number from users where deleted_at is null and state in (${others.map(() => '?')}) group by state
     ) as counted), '{}') as counts from account_counter`,
    others,
  );
  const [{ live, counts }] = rows as [{ live: number; counts: Partial<Record<State, number>> }];
  const rest = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const all = Object.fromEntries(others.map((state) => [state, counts[state] ?? 0]));
  return { ...(all as StateCounts), STATE_APPROVED: live - rest };
}

/** Users that were registered on a day such as 2026-05-31, UTC, and live. */
export type RegistrationDay = { day: string; registered: number };

/** The last so many days, today included, the earliest first. */
export async function readRegistrations(db: Db, days: number): Promise<RegistrationDay[]> {
  const { rows } = await db.raw(
    `with span as (select (now() at time zone 'UTC')::date - (:days::int - 1) as first, (now() at time zone 'UTC')::date as last),
       each as (select generate_series(first, last, interval '1 day')::date as day from span),
       came as (
         select (registered_at at time zone 'UTC')::date as day, count(*) as registered from users
         where deleted_at is null and registered_at >= (select first::timestamp at time zone 'UTC' from span) group by 1)
     select to_char(each.day, 'YYYY-MM-DD') as day, coalesce(registered, 0) as registered
     from each left join came on came.day = each.day order by each.day`,
    { days },
  );
  return rows;
}
