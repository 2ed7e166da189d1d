import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import bcrypt from 'bcrypt';
import compression from 'compression';
import express from 'express';
import session from 'express-session';
import type pg from 'pg';
import { root } from '../src/ground/root.ts';
import { compressionLevel } from '../src/web/compress.ts';
import { inTransaction, openPool } from './database.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { password } from './scenarios/signin.ts';

/** What the bench says to this process once it has been forked. */
export type Order = {
  database: pg.PoolConfig;
  secret: string;
  scenarios: Pick<Scenario, 'name' | 'statements' | 'view' | 'isSignIn'>[];
};

/**
 * The floor beside which Roster is measured: the least that Express with EJS, a session in the same Postgres and compression can
 * do for the same rows and columns. No rights, no CSRF, no headers, no totals, no history, no layout.
 */
function serve({ database, secret, scenarios }: Order): void {
  const pool = openPool(database);
  const known = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  const app = express();
  app.set('views', `${root}/bench/views`).set('view engine', 'ejs').set('view cache', true).set('etag', false);
  app.use(compression({ level: compressionLevel }));
  app.use(session({ name: 'roster', secret, resave: false, saveUninitialized: false, store: storeOver(pool) }));
  app.use(express.urlencoded({ extended: false }));

  app.get('/page', async (req, res) => {
    const { scenario, values } = read(req.query);
    const found: pg.QueryResult[] = [];
    for (const [index, sql] of scenario.statements.entries()) found.push(await pool.query(sql, values[index]));
    res.render(scenario.view as string, { found: found.map(({ rows }) => rows) });
  });

  app.post('/act', async (req, res) => {
    const { scenario, values } = read(req.body);
    const isAllowed = !scenario.isSignIn || (await isRight(scenario.statements[0] as string, values[0]));
    if (!isAllowed) return void res.sendStatus(403);
    await inTransaction(pool, scenario.isSignIn ? scenario.statements.slice(1) : scenario.statements, values);
    res.redirect(303, '/page');
  });

  const read = ({ scenario, values }: Record<string, unknown>) => ({
    scenario: known.get(String(scenario)) as Order['scenarios'][number],
    values: JSON.parse(String(values)) as unknown[][],
  });

  const isRight = async (sql: string, values: unknown[] | undefined) => {
    const { rows } = await pool.query(sql, values);
    return bcrypt.compare(password, rows[0].password_hash);
  };

  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

/** Reads the rows that Roster's sign-in makes, and never writes. */
function storeOver(pool: pg.Pool): session.Store {
  return Object.assign(new session.MemoryStore(), {
    get: (sid: string, done: (error: unknown, session?: session.SessionData | null) => void) => {
      const hash = createHash('sha256').update(sid).digest();
      pool.query('select * from sessions where sid_hash = $1 and expires_at > now()', [hash]).then(
        ({ rows }) => done(null, rows[0] ? { cookie: new session.Cookie(), ...rows[0] } : null),
        (error) => done(error),
      );
    },
    set: (_sid: string, _data: unknown, done?: () => void) => done?.(),
    touch: (_sid: string, _data: unknown, done?: () => void) => done?.(),
    destroy: (_sid: string, done?: () => void) => done?.(),
  });
}

process.once('message', serve);
