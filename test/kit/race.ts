import { type Name, peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { blankPerson } from '../../src/users/fields.ts';
import { makeDatabase } from './database.ts';

/** A database of its own with the small world in it, and two pools upon it as two processes have them. */
export type Race = {
  one: Db;
  two: Db;
  /** The pools in turn, for acts that are numbered. */
  pool(index: number): Db;
  owner: Db;
  ids: Record<Name, number>;
  close(): Promise<void>;
};

export async function openRace(): Promise<Race> {
  const database = await makeDatabase();
  const [one, two] = [openDatabase(database.serving), openDatabase(database.serving)];
  const owner = openDatabase(database.owner, { patient: true });
  const ids = await peopleWorld(one);
  const close = async () => {
    await Promise.all([one.destroy(), two.destroy(), owner.destroy()]);
    await database.drop();
  };
  return { one, two, pool: (index) => (index % 2 ? one : two), owner, ids, close };
}

/** Runs everything at once; what each came to: 'done', or the name of the error with its message. */
export async function allAtOnce(acts: (() => Promise<unknown>)[]): Promise<string[]> {
  const ends = await Promise.allSettled(acts.map((act) => act()));
  return ends.map((end) =>
    end.status === 'fulfilled' ? 'done' : `${(end.reason as Error).constructor.name}: ${(end.reason as Error).message}`,
  );
}

/** How many of these ends are good ones. */
export const doneAmong = (ends: string[]): number => ends.filter((end) => end === 'done').length;

/** So many of what `make` makes of a number. */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A verified customer of whom a form says nothing but its name. */
export const racer = {
  ...blankPerson,
  name: 'Racer',
  description: '',
  profile: 'customer',
  expiresAt: null,
  emailVerified: true,
} as const;

/** So many more users, crowd-1 and on, who can sign in and are found by “crowd.example”. */
export const addCrowd = (db: Db, count: number) =>
  db.raw(
    `insert into users (username, email, name, state, email_verified_at, password_hash)
     select 'crowd-' || n, 'crowd-' || n || '@crowd.example', 'Crowd ' || n, 'STATE_APPROVED', now(), 'x' from generate_series(1, ?::int) n`,
    [count],
  );

/** A database whose process dies in the middle of its nth transaction. */
export function dyingAfter(db: Db, transactions: number): Db {
  let left = transactions;
  const transaction = ((work: (trx: unknown) => Promise<unknown>) =>
    db.transaction(async (trx) => {
      const result = await work(trx);
      left -= 1;
      if (left <= 0) throw new Error('killed');
      return result;
    })) as Db['transaction'];
  return new Proxy(db, { get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)) });
}
