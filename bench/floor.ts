import { createHash } from 'node:crypto';
import compression from 'compression';
import express from 'express';
import session from 'express-session';
import pg from 'pg';
import { root } from '../src/ground/root.ts';

/**
 * The floor beside which Roster is measured: the least that an Express page with EJS, a session in the same Postgres and
 * compression can do for the same rows and columns. No rights, no CSRF, no headers, no totals.
 */
const pool = new pg.Pool({ ...JSON.parse(process.env.FLOOR_DATABASE as string), max: 10 });

const orders: Record<string, string> = {
  registered: 'registered_at desc, id desc',
  name: 'fold(name), id',
  email: 'lower(email collate "C"), id',
};
const columns = 'id, username, name, email, phone, profile, description, state, last_sign_in_at, registered_at';

const store: Pick<session.Store, 'get' | 'set' | 'destroy' | 'touch'> = {
  get: (sid, done) => {
    const hash = createHash('sha256').update(sid).digest();
    pool.query('select * from sessions where sid_hash = $1 and expires_at > now()', [hash]).then(
      ({ rows }) => done(null, rows[0] ? ({ cookie: { originalMaxAge: null }, user: rows[0].user_id } as never) : null),
      (error) => done(error),
    );
  },
  set: (_sid, _data, done) => done?.(),
  touch: (_sid, _data, done) => done?.(),
  destroy: (_sid, done) => done?.(),
};

const app = express();
app.set('views', `${root}/bench/views`).set('view engine', 'ejs').set('view cache', true).set('etag', false);
app.use(compression({ level: 2 }));
app.use(
  session({
    name: 'roster',
    secret: process.env.FLOOR_SECRET as string,
    resave: false,
    saveUninitialized: false,
    store: Object.assign(new (session.Store as unknown as new () => session.Store)(), store),
  }),
);

app.get('/users', async (req, res) => {
  const { sort = 'registered', q, state, after, limit = '25' } = req.query as Record<string, string>;
  const where = ['deleted_at is null'];
  const values: unknown[] = [];
  const add = (sql: string, value: unknown) => where.push(sql.replace('?', `$${values.push(value)}`));
  if (q) add(`search like '%' || fold(?) || '%'`, q);
  if (state) add('state = ?', state);
  if (after) add('(registered_at, id) < (?::timestamptz, 9223372036854775807)', after);
  const { rows } = await pool.query(
    `select ${columns} from users where ${where.join(' and ')} order by ${orders[sort]} limit ${Number(limit)}`,
    values,
  );
  res.render('floor', { rows });
});

app.get('/users/:username', async (req, res) => {
  const { rows } = await pool.query('select * from users where username = $1', [req.params.username]);
  res.render('floor', { rows });
});

const server = app.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
