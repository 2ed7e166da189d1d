import type { Crowd } from '../crowd.ts';
import { post, readForm, type Target } from '../http.ts';
import { refills } from './money.ts';
import { rotation, type Scenario, type Seats, seatOf } from './scenario.ts';
import { signIn } from './signin.ts';

type Side = 'roster' | 'floor' | 'sql';

/** What changes something. Every worker of every side has accounts of its own, so that nobody waits for another's row. */
export function acts(crowd: Crowd, seats: Seats, visitor: Target): Scenario[] {
  const accountsOf = (worker: number, side: Side) => {
    const first = (worker * 3 + ['roster', 'floor', 'sql'].indexOf(side)) * accountsEach;
    return crowd.changeable.slice(first, first + accountsEach);
  };
  // Signing in comes before the acts that leave some of these accounts inactive.
  return [save(accountsOf, seats), ...refills(accountsOf, seats), signIn(accountsOf, visitor), move(accountsOf, seats)];
}

const accountsEach = 2;
/** How many accounts the acts of `workers` need. */
export const accountsNeeded = (workers: number) => workers * 3 * accountsEach;

export type AccountsOf = (worker: number, side: Side) => string[];

const texts =
  'email name first_name last_name organization phone user_type unp legal_address postal_address bank bank_account additional_info preferred_map profile'.split(
    ' ',
  );

/** Saves the edit form with another description each time: the form is as it was served, with the version that is right by then. */
function save(accountsOf: AccountsOf, seats: Seats): Scenario {
  let turn = 0;
  const description = () => `bench ${turn++}`;
  const statement = `update users set ${texts.map((name) => `${name} = ${name}`).join(', ')}, description = $2, expires_at = expires_at,
    email_verified_at = email_verified_at, updated_at = now(), version = version + 1 where username = $1`;
  return {
    name: 'save (another description)',
    statements: [statement],
    view: null,
    turns: [],
    async requests(worker) {
      const seat = seatOf(seats, worker);
      const forms = accountsOf(worker, 'roster').map(async (username) => {
        const path = `/users/${username}/edit`;
        return { path, fields: await readForm(seat, path, path) };
      });
      const next = rotation(await Promise.all(forms));
      return () => {
        const { path, fields } = next();
        const shot = post(path, { ...fields, description: description() }, seat.headers);
        fields.version = String(Number(fields.version) + 1);
        return shot;
      };
    },
    values(worker, side) {
      const next = rotation(accountsOf(worker, side));
      return () => [[next(), description()]];
    },
  };
}

/** Deactivates and activates again. */
function move(accountsOf: AccountsOf, seats: Seats): Scenario {
  const isActive = new Map<string, boolean>();
  const flip = (username: string) => {
    isActive.set(username, !(isActive.get(username) ?? true));
    return { username, isActive: isActive.get(username) };
  };
  const statements = [
    `update users set state = $2, state_reason = '', updated_at = now(), version = version + 1 where username = $1`,
    'delete from sessions where user_id = (select id from users where username = $1)',
  ];
  return {
    name: 'a state act (deactivate, activate)',
    statements,
    view: null,
    turns: [],
    async requests(worker) {
      const seat = seatOf(seats, worker);
      const usernames = accountsOf(worker, 'roster');
      const edit = `/users/${usernames[0]}/edit`;
      const { _csrf = '' } = await readForm(seat, edit, edit);
      const next = rotation(usernames);
      return () => {
        const { username, isActive } = flip(next());
        return post(`/users/${username}/${isActive ? 'activate' : 'deactivate'}`, { _csrf }, seat.headers);
      };
    },
    values(worker, side) {
      const next = rotation(accountsOf(worker, side));
      return () => {
        const { username, isActive } = flip(next());
        return [[username, isActive ? 'STATE_APPROVED' : 'STATE_INACTIVE'], [username]];
      };
    },
  };
}
