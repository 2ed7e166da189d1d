import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { createCluster } from '../src/ground/embedded/cluster.ts';
import { CannotStart, explain } from '../src/ground/embedded/failure.ts';
import { findPlace, type Place } from '../src/ground/embedded/place.ts';
import { findPostmasterOrNull } from '../src/ground/embedded/postmaster.ts';
import { findPackage, findPrograms } from '../src/ground/embedded/programs.ts';
import { makeSocketFolder } from '../src/ground/embedded/sockets.ts';
import { type Embedded, startEmbedded } from '../src/ground/embedded/start.ts';
import { unprivilegedUser } from '../src/ground/embedded/user.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };
const processes: ChildProcess[] = [];
const servers = new Set<number>();

type Child = { process: ChildProcess; owner: pg.ClientConfig; error: string; leave(): Promise<void> };

/** Another process that joins the database in `folder`. */
async function child(folder: string, { word = '', as = {} }: { word?: string; as?: { uid?: number; gid?: number } } = {}) {
  const words = ['--import', 'tsx/esm', path.join(import.meta.dirname, 'fixtures/embedded-child.ts'), folder, word];
  const env = { PATH: process.env.PATH, HOME: os.tmpdir() };
  const started = spawn(process.execPath, words, { ...as, env, stdio: ['pipe', 'pipe', 'inherit'] });
  processes.push(started);
  const leave = async () => {
    started.stdin.write('leave\n');
    await once(started, 'exit');
  };
  const [line] = await once(started.stdout, 'data');
  return { process: started, leave, ...JSON.parse(String(line)) } as Child;
}

async function join(folder: string): Promise<Embedded> {
  return startEmbedded({ folder, settings: { fsync: 'off' } });
}

async function ask(connection: pg.ClientConfig, query: string): Promise<string> {
  const client = new pg.Client({ ...connection, query_timeout: 5000 });
  await client.connect();
  try {
    const { rows } = await client.query({ text: query, rowMode: 'array' });
    return String(rows[0]?.[0]);
  } finally {
    await client.end();
  }
}

function serverOf(folder: string): number | undefined {
  const pid = findPostmasterOrNull(findPlace(folder).data)?.pid;
  if (pid) servers.add(pid);
  return pid;
}

async function kill(pid: number | undefined): Promise<void> {
  if (!pid) throw new Error('Nothing to kill.');
  process.kill(pid, 'SIGKILL');
  await sleep(50);
}

describe('The embedded database', () => {
  let box: string;
  let folder: string;

  before(() => {
    box = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'embedded-test-'));
    fs.chmodSync(box, 0o755); // The server's user walks through, when we are root.
    folder = path.join(box, 'data');
  });

  after(() => {
    for (const started of processes) started.kill('SIGKILL');
    for (const pid of servers) if (fs.existsSync(`/proc/${pid}/cwd`)) process.kill(pid, 'SIGQUIT');
    fs.rmSync(box, { recursive: true, force: true });
  });

  it('is one server for processes that start at once on a fresh folder, until the last one is out', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => child(folder)));
    const answers = await Promise.all(all.map(({ owner }) => ask(owner, 'select pg_postmaster_start_time()')));
    expect(new Set(answers)).to.have.lengthOf(1);
    const [last, ...others] = all;
    await Promise.all(others.map((other) => other.leave()));
    expect(await ask(last!.owner, 'select 1')).to.equal('1');
    await last!.leave();
    expect(serverOf(folder)).to.equal(undefined);
    expect(fs.existsSync(last!.owner.host!)).to.equal(false);
    expect(fs.readdirSync(folder).sort()).to.deep.equal(['cluster', 'postgres.log']);
  });

  it('keeps what was written, starts again and stops within moments', async () => {
    const first = await join(folder);
    await ask(first.owner, 'create table kept (id int)');
    await first.stop();
    const before = performance.now();
    const second = await join(folder);
    expect(await ask(second.owner, 'select count(*) from kept')).to.equal('0');
    await Promise.all([second.stop(), second.stop()]);
    expect(performance.now() - before).to.be.below(2000);
  });

  it('serves through a role that owns nothing', async () => {
    const embedded = await join(folder);
    const refusal = await ask(embedded.serving, 'create table mine (id int)').catch((error: pg.DatabaseError) => error.code);
    const may = `select has_database_privilege('roster', 'connect') and has_schema_privilege('public', 'usage')`;
    expect([refusal, await ask(embedded.serving, may)]).to.deep.equal(['42501', 'true']);
    expect(await ask(embedded.serving, `select rolsuper from pg_roles where rolname = current_user`)).to.equal('false');
    const wrong = await ask({ ...embedded.serving, password: 'x' }, 'select 1').catch((error: pg.DatabaseError) => error.code);
    await embedded.stop();
    expect(wrong).to.equal('28P01');
  });

  it('adopts the server that a killed process left behind, and stops it at the end', async () => {
    const killed = await child(folder);
    const server = serverOf(folder);
    await kill(killed.process.pid);
    const embedded = await join(folder);
    expect(serverOf(folder)).to.equal(server).and.be.a('number');
    await embedded.stop();
    expect(serverOf(folder)).to.equal(undefined);
  });

  it('starts anew after the server was killed, also for the processes that had it', async () => {
    const other = await child(folder);
    await kill(serverOf(folder));
    const embedded = await join(folder);
    expect(await ask(other.owner, 'select 1')).to.equal('1');
    await sleep(1500); // The other one takes its share again.
    await embedded.stop();
    expect(await ask(other.owner, 'select 1')).to.equal('1');
    await other.leave();
    expect(serverOf(folder)).to.equal(undefined);
  });

  it('takes neither a zombie nor a pid in new use for a server', async () => {
    const { data, user } = findPlace(folder);
    // The shell's child ends at once, and sleep, which takes the shell's place, never asks for it: a zombie.
    const shell = spawn('sh', ['-c', 'true & echo $!; exec sleep 30'], { ...user, stdio: ['ignore', 'pipe', 'ignore'] });
    processes.push(shell);
    const zombie = String((await once(shell.stdout, 'data'))[0]).trim();
    for (const pid of [zombie, shell.pid]) {
      const embedded = await join(folder);
      const { host } = embedded.owner;
      await embedded.stop();
      const lock = `${pid}\n${data}\n1\n5432\n${host}\n`;
      fs.mkdirSync(host!, { mode: 0o700 });
      for (const file of [path.join(data, 'postmaster.pid'), path.join(host!, '.s.PGSQL.5432.lock')])
        fs.writeFileSync(file, lock);
    }
    const embedded = await join(folder);
    expect(await ask(embedded.owner, 'select 1')).to.equal('1');
    await embedded.stop();
  });

  it('starts on a new folder while the server of a deleted one still lives', async () => {
    const gone = path.join(box, 'gone');
    await child(gone);
    const old = serverOf(gone);
    fs.rmSync(gone, { recursive: true });
    const embedded = await join(gone);
    expect(serverOf(gone)).to.be.a('number').and.not.equal(old);
    await embedded.stop();
  });

  it('keeps no process alive that has nothing else to do', async () => {
    const { process: idle } = await child(folder, { word: 'end' });
    const exitCode = idle.exitCode ?? (await Promise.race([once(idle, 'exit').then(([code]) => code), sleep(3000)]));
    expect(exitCode).to.equal(0);
    await (await join(folder)).stop();
  });

  it('sets a log of more than 5 MB aside', async () => {
    fs.appendFileSync(path.join(folder, 'postgres.log'), 'x'.repeat(5 * 1024 * 1024 + 1));
    await (await join(folder)).stop();
    expect(fs.statSync(path.join(folder, 'postgres.log')).size).to.be.within(1, 10_000);
  });

  it('takes no socket folder that another user could have prepared', () => {
    const place = findPlace(folder);
    const parent = fs.mkdtempSync(path.join(box, 'tmp-'));
    const usual = makeSocketFolder(place, parent);
    expect(makeSocketFolder(place, parent)).to.equal(usual);
    fs.chmodSync(usual, 0o777);
    expect(makeSocketFolder(place, parent)).to.not.equal(usual);
    fs.rmdirSync(usual);
    fs.symlinkSync(fs.mkdtempSync(path.join(box, 'theirs-')), usual);
    const other = makeSocketFolder(place, parent);
    expect(other).to.not.equal(usual);
    expect(fs.statSync(other).mode & 0o777).to.equal(0o700);
  });
  if (isRoot)
    it('takes no socket folder of another user, as root', () => {
      const place = findPlace(folder);
      const parent = fs.mkdtempSync(path.join(box, 'tmp-'));
      const usual = makeSocketFolder(place, parent);
      fs.chownSync(usual, 12345, 12345);
      expect(makeSocketFolder(place, parent)).to.not.equal(usual);
    });
});
