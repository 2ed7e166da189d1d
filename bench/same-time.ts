import { performance } from 'node:perf_hooks';
import { type Name, peopleWorld, worldPassword } from '../seeds/world.ts';
import { type Db, openDatabase } from '../src/ground/database.ts';
import { accountKey, nobodyKey } from '../src/users/attempts.ts';
import { makeDatabase, startServer, stopServer } from '../test/kit/database.ts';
import { send } from '../test/kit/raw.ts';
import { serve } from '../test/kit/site.ts';
import { Visitor } from '../test/kit/visitor.ts';

/**
 * Whether the time of a refused sign-in tells anything about an account: each kind of refusal beside that of an unknown name, in
 * turns. `npx tsx bench/same-time.ts 200` takes two hundred pairs of each.
 */
const pairs = Number(process.argv[2] ?? 50);

type Kind = { what: string; identifier: Name; password: string; tries?: number };

const kinds: Kind[] = [
  { what: 'a wrong password', identifier: 'uma', password: 'wrong words' },
  { what: 'an empty password', identifier: 'uma', password: '' },
  { what: 'a password of 900 characters', identifier: 'uma', password: 'x'.repeat(900) },
  { what: 'the try that locks', identifier: 'stan', password: 'wrong words', tries: 4 },
  { what: 'tries used up', identifier: 'uma', password: 'wrong words', tries: 9 },
  { what: 'locked, the right password', identifier: 'lea', password: worldPassword },
  { what: 'inactive, the right password', identifier: 'nina', password: worldPassword },
  { what: 'expired, the right password', identifier: 'xena', password: worldPassword },
  { what: 'invited, without a password', identifier: 'ivo', password: 'wrong words' },
];

async function run(): Promise<void> {
  await startServer();
  const made = await makeDatabase();
  const db = openDatabase(made.serving);
  const ids = await peopleWorld(db);
  await db('settings').update({ outgoingMail: true });
  const site = await serve({ db, owner: db });
  const visitor = new Visitor(site.address, null, 'plain');
  await visitor.get('/sign-in');
  const asker = { address: site.address, cookie: `roster=${visitor.cookies.get('roster')}`, token: visitor.token() };
  process.stdout.write(`Medians of ${pairs} pairs, in milliseconds\n`);
  for (const kind of kinds) process.stdout.write(`${await compare(db, ids, asker, kind)}\n`);
  await site.close();
  await db.destroy();
  await made.drop();
  await stopServer();
}

type Asker = { address: string; cookie: string; token: string };

async function compare(db: Db, ids: Record<Name, number>, asker: Asker, kind: Kind): Promise<string> {
  const [somebody, nobody]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    await prepare(db, ids[kind.identifier], kind);
    const ask = [
      async () => somebody.push(await ms(asker, kind.identifier, kind.password)),
      async () => nobody.push(await ms(asker, unknown, kind.password)),
    ];
    for (const one of pair % 2 ? ask : ask.reverse()) await one();
  }
  const [known, none] = [median(somebody), median(nobody)];
  const difference = (known - none).toFixed(1).padStart(6);
  return `${kind.what.padEnd(32)} ${known.toFixed(1)}  unknown ${none.toFixed(1)}  difference ${difference}`;
}

const unknown = 'no-such-user';

/** Everybody has the same tries behind it, and nobody is locked by the pair before. */
async function prepare(db: Db, userId: number, { tries }: Kind): Promise<void> {
  await db('attempts').delete();
  await db('users').where({ username: 'stan' }).update({ lockedAt: null });
  const rows = [accountKey(userId), nobodyKey(unknown)].map((key) => ({ key, count: tries }));
  if (tries) await db('attempts').insert(rows.map((row) => ({ ...row, windowEndsAt: db.raw(`now() + interval '9 minutes'`) })));
}

async function ms({ address, cookie, token }: Asker, identifier: string, password: string): Promise<number> {
  const body = new URLSearchParams({ _csrf: token, identifier, password }).toString();
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
  const begun = performance.now();
  const { status } = await send(address, '/sign-in', { method: 'POST', headers, body });
  if (status !== 422) throw new Error(`${identifier} was answered with ${status}`);
  return performance.now() - begun;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

await run();
