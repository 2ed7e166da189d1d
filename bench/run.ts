import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBeside } from './beside.ts';
import { readPage } from './http.ts';
import { historySealed, prepare } from './prepare.ts';
import { type Report, report } from './report.ts';
import { freePort, memoryOf } from './server.ts';
import { openStage, type Stage } from './stage.ts';
import { heavyWork, workThrough } from './under-load/all.ts';

/** How many are at once; the most of them decides how many accounts and browsers are got ready. */
const concurrencies = [1, 16];
const coldStarts = 3;
const fewestUsers = 10_000;
/** With the three that seeding a million accounts takes, once, and a minute to start and end: fifteen as a whole. */
const minutes = { beside: 8.5, underLoad: 2.5 };

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    /** How long a scenario is measured at each concurrency, its floors included. */
    seconds: { type: 'string', default: '3' },
    /** A part of the names of those scenarios that shall be measured. */
    only: { type: 'string', default: '' },
    port: { type: 'string' },
  },
});

/** Seeds once, starts Roster beside its floors on the same rows, measures them in turns, then works under load. */
async function run(): Promise<void> {
  const users = Number(options.users);
  if (!Number.isSafeInteger(users) || users < fewestUsers) throw new Error(`--users takes a number from ${fewestUsers}.`);
  const port = Number(options.port ?? (await freePort()));
  const env = environment(users, port);
  await prepare(env, users);
  const stage = await openStage(env, { users, port, coldStarts, workers: Math.max(...concurrencies) });
  try {
    report({ users, ...(await measureAll(stage)) });
    await historySealed(stage.pool);
  } finally {
    await stage.close();
  }
}

/** Nothing of the caller's own instance: the embedded database in a folder that stays, and a proxy in front. */
function environment(users: number, port: number): NodeJS.ProcessEnv {
  const folder = join(tmpdir(), `roster-bench-${users}`);
  const unset = { NODE_ENV: '', HOST: '', DATABASE_URL: '', DATABASE_OWNER_URL: '', SESSION_SECRET: '', ACCOUNT_LIMIT: '' };
  const set = { DATA_DIR: folder, PORT: String(port), BASE_URL: `http://localhost:${port}`, LOG_LEVEL: 'error' };
  return { ...process.env, ...unset, ...set, TRUST_PROXY: 'loopback' };
}

async function measureAll(stage: Stage): Promise<Omit<Report, 'users'>> {
  const isWanted = ({ name }: { name: string }) => name.toLowerCase().includes((options.only as string).toLowerCase());
  await warm(stage);
  const times = { seconds: Number(options.seconds), concurrencies, until: inMinutes(minutes.beside) };
  const beside = await measureBeside(stage, stage.scenarios.filter(isWanted), times);
  const afterScenarios = memoryOf(stage.server.process);
  const load = await workThrough(stage, heavyWork.filter(isWanted), inMinutes(minutes.underLoad));
  const afterLoad = memoryOf(stage.server.process);
  return {
    rows: beside.rows,
    underLoad: load.outcomes,
    coldStartsMs: stage.coldStartsMs,
    memoryMiB: { idle: stage.idleMiB, afterScenarios, afterLoad },
    failures: [...beside.failures, ...load.failures],
    skipped: [...beside.skipped, ...load.skipped],
  };
}

const inMinutes = (minutes: number) => performance.now() + minutes * 60_000;

/** What is measured first shall not be slower than what comes later. */
async function warm({ roster, floor, scenarios }: Stage): Promise<void> {
  const minimal = `/page?${new URLSearchParams({ scenario: scenarios[0]?.name ?? '', values: '[[]]' })}`;
  for (let turn = 0; turn < 300; turn += 1) {
    await readPage(roster, '/users');
    await readPage(floor, minimal);
  }
}

run().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
