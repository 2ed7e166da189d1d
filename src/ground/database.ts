import knex, { type Knex } from 'knex';
import pg from 'pg';
import { camel, snake } from './names.ts';

/** Anything that runs queries: the pool, or an open transaction. */
export type Db = Knex;
/** An open transaction: functions that must not run outside one take this. */
export type Trx = Knex.Transaction;

/** node-postgres gives bigint as text; ours are ids, counts and minor units, all safe integers or an error. */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${text} is beyond the safe integers`);
  return number;
});

function inCamelCase(result: unknown): unknown {
  if (Array.isArray(result)) return result.map((row) => (isRow(row) ? renamed(row) : row));
  if (isRow(result) && Array.isArray(result.rows)) return { ...result, rows: result.rows.map((row) => renamed(row)) };
  return isRow(result) ? renamed(result) : result;
}

const isRow = (value: unknown): value is Record<string, unknown> => Object.prototype.toString.call(value) === '[object Object]';

/** Written property by property: rows of one shape are one shape to V8, and quick to read and copy. */
function renamed(row: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in row) result[camel(name)] = row[name];
  return result;
}

/** Waits are bounded on both sides, so that a hanging database ends every request within five seconds. */
const limits = `set statement_timeout = '3s'; set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '10s'`;

/** A search stops at the first thousand who match: begun where another scan happens to be, it would pass by half the table first. */
const fromTheBeginning = 'set synchronize_seqscans = off';

/**
 * A pool of at most `size` connections. With `patient`, statements may take their time: migrations, imports, jobs.
 * Behind PgBouncer the limits are set per server connection, which comes to the same.
 */
export function openDatabase(connection: string | pg.ClientConfig, { size = 10, patient = false } = {}): Db {
  const settings = typeof connection === 'string' ? { connectionString: connection } : connection;
  return knex({
    client: 'pg',
    connection: {
      ...settings,
      connectionTimeoutMillis: 3000,
      ...(patient ? {} : { query_timeout: 4500 }),
    } as Knex.PgConnectionConfig,
    acquireConnectionTimeout: 3000,
    wrapIdentifier: (name, quote) => quote(snake(name)),
    postProcessResponse: (result) => inCamelCase(result),
    pool: {
      min: 0,
      max: size,
      afterCreate: (client: pg.Client, done: (error: Error | null, client: pg.Client) => void) => {
        client.on('error', () => {}); // A lost idle connection is replaced by the pool; unheard it would end the process.
        client.query(patient ? fromTheBeginning : `${limits}; ${fromTheBeginning}`, (error) => done(error, client));
      },
    },
  });
}

/** The database's own clock: what expires is decided there, never by the clock of one of the processes. */
export const now = (db: Db) => db.raw('now()');

/** What that clock says, where a value of ours is needed. */
export async function clock(db: Db): Promise<Date> {
  const { rows } = await db.raw('select now() as now');
  return rows[0].now;
}

/** How many rows a query finds, exactly. */
export async function countRows(query: Knex.QueryBuilder): Promise<number> {
  const row = await query.count({ count: '*' }).first();
  return Number(row?.count);
}

/** True for what the unique indexes refuse: somebody was faster. */
export const isTaken = (error: unknown) => (error as { code?: string }).code === '23505';
