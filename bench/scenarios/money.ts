import { randomUUID } from 'node:crypto';
import { post, readForm } from '../http.ts';
import type { AccountsOf } from './acts.ts';
import { page, rotation, type Scenario, type Seats, seatOf } from './scenario.ts';

/** The least that a refill writes: its row, whose trigger moves the balance and numbers it. */
const statement = `
  insert into transactions (user_id, kind, amount_minor, idempotency_key)
  select id, 'refill', $2, $3 from users where username = $1`;

/** Refills of different users, and of one user by everybody at once: then all stand in line for its balance. */
export const refills = (accountsOf: AccountsOf, seats: Seats): Scenario[] => [
  refill('refill (different users)', accountsOf, seats),
  refill('refill (the same user)', (_worker, side) => accountsOf(0, side).slice(0, 1), seats),
];

function refill(name: string, accountsOf: AccountsOf, seats: Seats): Scenario {
  return {
    name,
    statements: [statement],
    view: null,
    turns: [],
    async requests(worker) {
      const seat = seatOf(seats, worker);
      const [first] = accountsOf(worker, 'roster');
      const path = `/users/${first}/refill`;
      const form = await readForm(seat, path, path);
      const next = rotation(accountsOf(worker, 'roster'));
      return () => post(`/users/${next()}/refill`, { ...form, amount: '1.50', idempotency_key: randomUUID() }, seat.headers);
    },
    values(worker, side) {
      const next = rotation(accountsOf(worker, side));
      return () => [[next(), 150, randomUUID()]];
    },
  };
}

const periods = (where = 'true') => `
  select payments.id, u.username, u.name, tariffs.name as tariff, starts_at, ends_at, -t.amount_minor as price_minor, t.at as paid_at,
    c.at as cancelled_at
  from payments join tariffs on tariffs.id = payments.tariff_id join transactions t on t.id = payments.transaction_id
    left join transactions c on c.cancels = t.id left join users u on u.id = payments.user_id
  where ${where} order by payments.id desc limit 25`;

const running = `starts_at <= now() and ends_at > now() and not exists (
  select from transactions c where c.cancels = payments.transaction_id)`;

/** What everybody has paid, and of it what runs. */
export const payments: Scenario[] = [
  page('payments: first page', 'rows', [periods()], [{ path: '/payments' }]),
  page('payments: what runs', 'rows', [periods(running)], [{ path: '/payments?stage=running' }]),
];
