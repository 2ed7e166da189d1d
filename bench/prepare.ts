import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { root } from '../src/ground/root.ts';
import { openGround } from '../src/start.ts';
import { openPool } from './database.ts';

/** Seeds the accounts unless an earlier run has, and takes away what that run left behind. */
export async function prepare(env: NodeJS.ProcessEnv, users: number): Promise<void> {
  const ground = await openGround({ ...env, PORT: '0' });
  const pool = openPool(ground.ownerConnection);
  try {
    if (!(await isSeeded(pool, users))) seed(env, users);
    if (!(await isFinished(pool))) await finish(pool);
    await tidy(pool);
  } finally {
    await pool.end();
    await ground.close();
  }
}

async function isSeeded(pool: pg.Pool, users: number): Promise<boolean> {
  const { rowCount } = await pool.query('select 1 from users where username = $1', [`user-${users}`]);
  return rowCount === 1;
}

function seed(env: NodeJS.ProcessEnv, users: number): void {
  execFileSync('node', ['dist/seeds/seed.js', '--users', String(users)], { cwd: root, env, stdio: 'inherit' });
}

async function isFinished(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query(`select 1 from users where deleted_at is not null and username like 'user-%' limit 1`);
  return rowCount === 1;
}

/** What the crowd lacks: some deleted accounts, and some with debts. */
async function finish(pool: pg.Pool): Promise<void> {
  await pool.query(
    `update users set deleted_at = now() - make_interval(days => (id % 29)::int) where id % 500 = 0 and username like 'user-%'`,
  );
  for (const sql of debts) await pool.query(sql);
  await pool.query('vacuum (analyze) users');
  await pool.query('checkpoint');
}

const post = (kind: string, amount: string, cancels = 'null') => `
  insert into transactions (user_id, kind, amount_minor, cancels, idempotency_key)
  select id, '${kind}', ${amount}, ${cancels}, gen_random_uuid() from users where username like 'user-%' and profile = 'monitor' and id % 20 = 2 and deleted_at is null`;
const amount = '100 * (1 + id % 300)';

/** Refills that were spent and then cancelled: the only way into debt, and only where the setting allows it. */
const debts = [
  post('refill', amount),
  post('payment', `-${amount}`),
  'update settings set debt = true',
  post(
    'cancellation',
    `-${amount}`,
    `(select t.id from transactions t where t.user_id = users.id and t.kind = 'refill' limit 1)`,
  ),
  'update settings set debt = false',
];

/** Nobody is signed in, nobody has tried to, nobody was imported, and no act in bulk is left. */
async function tidy(pool: pg.Pool): Promise<void> {
  await pool.query('truncate sessions, known_browsers, attempts');
  await pool.query('delete from bulks');
  await removeImported(pool);
}

/** Takes the accounts of a measured import away again; what the history says of them stays, as it must. */
export async function removeImported(pool: pg.Pool): Promise<void> {
  await pool.query('delete from imports');
  const { rowCount } = await pool.query(`delete from users where username like 'bench-import-%'`);
  if (rowCount) await pool.query('vacuum (analyze) users');
}

const longestSealingMs = 90_000;
/** Fewer than the worker seals in a moment. */
const fewUnsealed = 2000;

/** Waits until the worker has sealed what acts have written into the history: it would work through the next measures. */
export async function historySealed(pool: pg.Pool): Promise<void> {
  for (const until = Date.now() + longestSealingMs; Date.now() < until; await sleep(500)) {
    const { rowCount } = await pool.query('select 1 from history_unsealed limit $1', [fewUnsealed]);
    if (rowCount !== fewUnsealed) return;
  }
}
