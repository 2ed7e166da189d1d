import type pg from 'pg';
import { accountsNeeded } from './scenarios/acts.ts';
import { chooseWords, type Word } from './words.ts';

export type { Word };

/** A row of the list as a link to the rows beyond it has it. */
export type Place = { key: string; id: number };

/** Those of the seeded accounts that scenarios are about. */
export type Crowd = {
  live: number;
  /** The last rows of some pages around page `pageNumber`. */
  places: Place[];
  /** Rows of the list of objects, from its middle. */
  thingPlaces: Place[];
  /** One of the groups. */
  depotId: number;
  pageNumber: number;
  words: Word[];
  /** Some accounts from all over the table, and those of the first page of the list. */
  usernames: string[];
  firstPage: string[];
  /** Approved accounts with a password: those that acts may change, and others who only sign in. */
  changeable: string[];
  signers: string[];
};

const pageRows = 25;
const deepestPage = 10_000;
const pagesAround = 40;
const signers = 200;

/** Looks for the accounts that `workers` at once and the scenarios need. */
export async function findCrowd(pool: pg.Pool, users: number, workers: number): Promise<Crowd> {
  const pageNumber = Math.min(deepestPage, Math.floor(users / 2 / pageRows));
  const approved = await findApproved(pool, accountsNeeded(workers) + signers);
  return {
    live: Number((await pool.query('select count(*) from users where deleted_at is null')).rows[0].count),
    places: await findPlaces(pool, pageNumber),
    thingPlaces: await findThingPlaces(pool),
    depotId: Number((await pool.query(`select id from groups where name = 'Depot 7'`)).rows[0].id),
    pageNumber,
    words: await chooseWords(pool, users),
    usernames: await findUsernames(pool, users),
    firstPage: await findFirstPage(pool),
    changeable: approved.slice(signers),
    signers: approved.slice(0, signers),
  };
}

async function findPlaces(pool: pg.Pool, pageNumber: number): Promise<Place[]> {
  const { rows } = await pool.query<{ id: string; key: string }>(
    `select id, registered_at::text as key from users where deleted_at is null
     order by registered_at desc, id desc offset $1 limit $2`,
    [(pageNumber - pagesAround / 2) * pageRows - 1, pagesAround * pageRows],
  );
  return rows.filter((_, index) => index % pageRows === 0).map(({ id, key }) => ({ key, id: Number(id) }));
}

async function findThingPlaces(pool: pg.Pool): Promise<Place[]> {
  const { rows } = await pool.query<{ id: string; key: string }>(
    `select id, fold(name) as key from things where section = 'object' and hidden_at is null and name like 'Vehicle %'
     order by id offset (select count(*) / 2 from things where section = 'object' and name like 'Vehicle %') limit 20`,
  );
  return rows.map(({ id, key }) => ({ key, id: Number(id) }));
}

async function findUsernames(pool: pg.Pool, users: number): Promise<string[]> {
  const some = Array.from({ length: 500 }, (_, index) => `user-${1 + Math.floor((index * (users - 1)) / 500)}`);
  const sql = 'select username from users where username = any($1) and deleted_at is null';
  return (await pool.query(sql, [some])).rows.map(({ username }) => username);
}

async function findFirstPage(pool: pg.Pool): Promise<string[]> {
  const sql = 'select username from users where deleted_at is null order by registered_at desc, id desc limit $1';
  return (await pool.query(sql, [pageRows])).rows.map(({ username }) => username);
}

/** They are as the last run left them, so they are made approved again. */
async function findApproved(pool: pg.Pool, count: number): Promise<string[]> {
  const sql = `
    update users set state = 'STATE_APPROVED', description = '' where id in (
      select id from users where username like 'user-%' and profile = 'customer' and deleted_at is null and locked_at is null
        and email_verified_at is not null and expires_at is null and password_hash is not null order by id limit $1)
    returning username`;
  return (await pool.query(sql, [count])).rows.map(({ username }) => username);
}
