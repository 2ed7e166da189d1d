import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../src/ground/root.ts';
import { randomToken } from '../src/ground/secrets.ts';
import { startSession } from '../src/sessions/sessions.ts';
import { type Ground, openGround } from '../src/start.ts';
import { writeCursor } from '../src/users/order.ts';
import { load, loop, type Result, type Target } from './load.ts';
import { type Places, post, type Scenario, scenarios } from './scenarios.ts';
import { printTable, type Row } from './table.ts';

const { values } = parseArgs({
  options: { users: { type: 'string', default: '1000000' }, seconds: { type: 'string', default: '1.5' } },
});
const seconds = Number(values.seconds);
const folder = join(tmpdir(), `roster-bench-${values.users}`);
const port = 3987;
const env = { ...process.env, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn', BASE_URL: `http://localhost:${port}` };

/** Seeds once, starts Roster and its floor side by side on the same rows, and measures both in turns. */
async function run(): Promise<void> {
  execFileSync('node', ['dist/seeds/seed.js', '--users', values.users as string], { cwd: root, env, stdio: 'inherit' });
  const ground = await openGround({ ...env, PORT: '0' });
  const server = await startServer();
  const floor = await startFloor(ground);
  try {
    const headers = { cookie: await cookie(ground), host: `localhost:${port}` };
    const rows = await measureAll(ground, { port, headers }, { port: floor.port, headers });
    rows.push(...(await measureActs(ground, { port, headers })));
    report(rows, { coldStartMs: server.coldStartMs, idleMiB: server.idleMiB, afterMiB: memoryOf(server.process) });
  } finally {
    for (const child of [server.process, floor.process]) child.kill('SIGTERM');
    await ground.close();
  }
}

async function startServer() {
  const began = performance.now();
  const process = spawn('node', ['dist/src/server.js'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await fetch(`http://localhost:${port}/readyz`).catch(() => null))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const coldStartMs = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return { process, coldStartMs, idleMiB: memoryOf(process) };
}

async function startFloor({ context, ownerConnection }: Ground): Promise<{ process: ChildProcess; port: number }> {
  const settings = { FLOOR_DATABASE: JSON.stringify(ownerConnection), FLOOR_SECRET: context.secrets[0] };
  const process = fork(join(root, 'bench/floor.ts'), { execArgv: ['--import=tsx/esm'], env: { ...env, ...settings } });
  return new Promise((resolve) => process.once('message', (message: { port: number }) => resolve({ process, ...message })));
}

/** Olga's session, as signing in makes it. */
async function cookie({ context }: Ground): Promise<string> {
  const sid = randomToken();
  const olga = await context.db('users').where({ username: 'olga' }).first('id');
  await context.db.transaction((trx) => startSession(trx, { sid, userId: olga.id, address: '127.0.0.1', agent: 'bench' }));
  const signature = createHmac('sha256', context.secrets[0]).update(sid).digest('base64').replace(/=+$/, '');
  return `roster=${encodeURIComponent(`s:${sid}.${signature}`)}`;
}

async function measureAll(ground: Ground, roster: Target, floor: Target): Promise<Row[]> {
  const rows: Row[] = [];
  for (const scenario of scenarios(await findPlaces(ground))) {
    for (const concurrency of [1, 16]) rows.push(await measure(ground, scenario, { roster, floor, concurrency }));
    process.stderr.write('.');
  }
  return rows;
}

type Sides = { roster: Target; floor: Target; concurrency: number };

async function measure({ context }: Ground, { name, path, floor, sql }: Scenario, sides: Sides): Promise<Row> {
  const options = { concurrency: sides.concurrency, seconds };
  const shot = () => ({ path: typeof path === 'string' ? path : path() });
  const roster = await load(sides.roster, shot, options);
  const minimal = floor ? await load(sides.floor, () => ({ path: floor }), options) : null;
  const bare = sql ? await loop(async () => context.db.raw(sql), { ...options, seconds: seconds / 2 }) : null;
  return { name, concurrency: sides.concurrency, roster, floor: minimal, sql: bare };
}

/** Rows of the crowd that scenarios are about: one at page 10,000, and some to look at. */
async function findPlaces({ context: { db } }: Ground): Promise<Places> {
  const deepest = Math.min(250_000, Math.floor(Number(values.users) / 2));
  const { rows } = await db.raw(
    'select id, registered_at::text as key from users where deleted_at is null order by registered_at desc, id desc offset ? limit 1',
    [deepest],
  );
  const some = await db('users').where('username', 'like', 'user-%').whereNull('deletedAt').limit(200).select('username');
  return { deep: writeCursor(rows[0]), deepKey: rows[0].key, usernames: some.map(({ username }) => username) };
}

/** What changes something: saving, a state act, signing in. */
async function measureActs(ground: Ground, roster: Target): Promise<Row[]> {
  const fields = await editable(roster, '/users/uma/edit');
  const measured: [string, () => ReturnType<typeof post>, number][] = [
    ['save, nothing changed', () => post('/users/uma/edit', fields), 1],
    ['a state act', flip(fields._csrf as string), 1],
  ];
  const rows: Row[] = [];
  for (const [name, shot, concurrency] of measured) {
    rows.push({ name, concurrency, roster: await load(roster, shot, { concurrency, seconds }), floor: null, sql: null });
  }
  return [...rows, await measureSignIn(ground)];
}

function flip(_csrf: string) {
  let isActive = true;
  return () => {
    isActive = !isActive;
    return post(`/users/stan/${isActive ? 'activate' : 'deactivate'}`, { _csrf, return_to: '/account/sessions' });
  };
}

async function measureSignIn(_ground: Ground): Promise<Row> {
  const page = await fetch(`http://localhost:${port}/sign-in`);
  const headers = {
    cookie: page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; '),
    host: `localhost:${port}`,
  };
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] as string;
  const shot = () => post('/sign-in', { _csrf, identifier: 'mona', password: 'kettle-orbit-velvet' });
  const roster: Result = await load({ port, headers }, shot, { concurrency: 1, seconds: 5, most: 15 });
  return { name: 'sign in', concurrency: 1, roster, floor: null, sql: null };
}

/** The fields of a form, as it is served. */
async function editable(target: Target, path: string): Promise<Record<string, string>> {
  const html = await (
    await fetch(`http://localhost:${port}${path}`, { headers: { cookie: target.headers.cookie as string } })
  ).text();
  const inputs = [...html.matchAll(/<input[^>]*type="(?:hidden|text|email|tel)"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
  return {
    ...Object.fromEntries(inputs.map(([, name, value]) => [name as string, value as string])),
    profile: 'customer',
    user_type: 'legal_entity',
    email_verified: 'on',
  };
}

function memoryOf({ pid }: { pid?: number }): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

type Process = { coldStartMs: number; idleMiB: number; afterMiB: number };

function report(rows: Row[], server: Process): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  printTable(rows);
  process.stdout.write(
    `\nCold start to ready ${server.coldStartMs.toFixed(0)} ms; memory idle ${server.idleMiB} MiB, after ${server.afterMiB} MiB.\n`,
  );
  process.stdout.write(`${Number(values.users).toLocaleString('en')} accounts; ${machine}.\n`);
  writeFileSync(
    join(root, 'bench/results.json'),
    `${JSON.stringify({ users: Number(values.users), machine, ...server, rows }, null, 1)}\n`,
  );
}

run().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
