import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createCluster } from '../src/ground/embedded/cluster.ts';
import { CannotStart, explain } from '../src/ground/embedded/failure.ts';
import { findPlace } from '../src/ground/embedded/place.ts';
import { findPackage, findPrograms } from '../src/ground/embedded/programs.ts';
import { makeSocketFolder } from '../src/ground/embedded/sockets.ts';
import { startEmbedded } from '../src/ground/embedded/start.ts';
import { unprivilegedUser } from '../src/ground/embedded/user.ts';
import { ask, child, endAll, join, kill, serverOf, sleeper } from './fixtures/embedded-processes.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

describe('The embedded database', function () {
  this.timeout(60_000); // Real servers, several at a time, perhaps on a busy machine.

  let box: string;
  let folder: string;

  before(() => {
    box = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'embedded-test-'));
    fs.chmodSync(box, 0o755); // The server's user walks through, when we are root.
    folder = path.join(box, 'data');
  });

  after(() => {
    endAll();
    fs.rmSync(box, { recursive: true, force: true });
  });

  it('is one server for processes that start at once on a fresh folder, until the last one is out', async () => {
    const [last, ...others] = await Promise.all([child(folder), child(folder), child(folder), child(folder)]);
    const answers = await Promise.all([last, ...others].map(({ owner }) => ask(owner, 'select pg_postmaster_start_time()')));
    expect(new Set(answers)).to.have.lengthOf(1);
    await Promise.all(others.map((other) => other.leave()));
    expect(await ask(last.owner, 'select 1')).to.equal('1');
    await last.leave();
    expect(serverOf(folder)).to.equal(undefined);
    expect(fs.existsSync(last.owner.host)).to.equal(false);
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

  it('starts once for two who ask in the same moment for what is there, however often', async () => {
    await (await join(folder)).stop();
    for (let turn = 0; turn < 5; turn += 1) {
      const both = await Promise.all([join(folder), join(folder)]);
      const answers = await Promise.all(both.map(({ owner }) => ask(owner, 'select pg_postmaster_start_time()')));
      expect(new Set(answers)).to.have.lengthOf(1);
      for (const one of both) await one.stop();
      expect(fs.existsSync(String(both[0].owner.host))).to.equal(false);
    }
  });

  it('makes a database once for many who ask at once', async () => {
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => startEmbedded({ folder, database: 'together' })));
    const names = await Promise.all(all.map(({ serving }) => ask(serving, 'select current_database()')));
    await Promise.all(all.map(({ stop }) => stop()));
    expect(new Set(names)).to.deep.equal(new Set(['together']));
  });

  it('serves through a role that owns nothing', async () => {
    const embedded = await join(folder);
    expect(await ask(embedded.serving, 'select current_user')).to.equal('roster_web');
    expect(await ask(embedded.serving, 'create table mine (id int)')).to.equal('42501'); // Insufficient privilege.
    expect(await ask(embedded.serving, 'select rolsuper from pg_roles where rolname = current_user')).to.equal('false');
    expect(await ask({ ...embedded.serving, password: 'guess' }, 'select 1')).to.equal('28P01'); // Wrong password.
    const granted = `select count(*) from pg_namespace, aclexplode(nspacl) where grantee = 'roster_web'::regrole`;
    expect(await ask(embedded.owner, granted)).to.equal('1');
    await embedded.stop();
  });

  it('adopts the server that a killed process left behind, and stops it at the end', async () => {
    const killed = await child(folder);
    const server = serverOf(folder);
    await kill(killed.process.pid);
    const embedded = await join(folder);
    expect(serverOf(folder)).to.equal(server).and.be.a('number');
    const shares = `select count(*) from pg_stat_activity where application_name = 'roster lease'`;
    while ((await ask(embedded.owner, shares)) !== '1') await sleep(50); // Until the killed one's share has gone with its connection.
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
    const sleeping = sleeper(user);
    const [zombie] = await once(sleeping.stdout ?? sleeping, 'data');
    for (const pid of [String(zombie).trim(), sleeping.pid]) {
      const { host, stop } = await join(folder);
      await stop();
      fs.mkdirSync(host, { mode: 0o700 });
      for (const file of [path.join(data, 'postmaster.pid'), path.join(host, '.s.PGSQL.5432.lock')])
        fs.writeFileSync(file, `${pid}\n${data}\n1\n5432\n${host}\n`);
    }
    const embedded = await join(folder);
    expect(await ask(embedded.owner, 'select 1')).to.equal('1');
    await embedded.stop();
  });

  it('starts on a new folder while the server of a deleted one still lives', async () => {
    const gone = path.join(box, 'gone');
    const before = await child(gone);
    const old = serverOf(gone);
    fs.rmSync(gone, { recursive: true });
    const embedded = await join(gone);
    expect(serverOf(gone)).to.be.a('number').and.not.equal(old);
    await before.leave(); // Stops its own server, not the new one.
    expect(await ask(embedded.owner, 'select 1')).to.equal('1');
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

  it('copies programs that the server cannot use where they lie, with the links npm may have skipped', () => {
    const { nodeModules, shipped } = shipPrograms(box);
    const place = findPlace(path.join(box, 'copy'));
    expect(findPrograms(place, shipped).postgres).to.equal(path.join(shipped, 'native/bin/postgres'));
    expect(fs.readlinkSync(path.join(shipped, 'native/lib/libx.so'))).to.equal('libx.so.1');
    fs.rmSync(path.join(shipped, 'native/lib/libx.so'));
    // Root may write everywhere, but the server's user may not walk; an ordinary user walks, but may not write.
    if (isRoot) fs.chmodSync(nodeModules, 0o700);
    else fs.chmodSync(path.join(shipped, 'native/lib'), 0o555);
    const copied = findPrograms(place, shipped).postgres;
    fs.chmodSync(path.join(shipped, 'native/lib'), 0o755);
    expect(copied).to.equal(path.join(place.folder, 'programs-1.2.3/native/bin/postgres'));
    expect(fs.readlinkSync(path.join(copied, '../../lib/libx.so'))).to.equal('libx.so.1');
    expect(fs.existsSync(path.join(copied, '../../lib/libx.a'))).to.equal(false);
    expect(fs.statSync(copied).mode & 0o777).to.equal(0o755);
  });

  it('says in one line why it cannot start', async () => {
    expect(() => findPackage('plan9-vax')).to.throw(CannotStart, /no embedded database for plan9-vax .*DATABASE_URL/);
    expect(() => unprivilegedUser('root:x:0:0::/root:/bin/sh\n')).to.throw(CannotStart, /no user "postgres" or "nobody"/);
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    expect(String(explain(full, '/data'))).to.match(/^CannotStart: No space is left .* \/data/);
    const { shipped } = shipPrograms(box);
    // What the kernel answers for a program whose loader is missing, as glibc's is on Alpine.
    fs.writeFileSync(path.join(shipped, 'native/bin/initdb'), '#!/no/such/loader\n');
    const place = findPlace(path.join(box, 'musl'));
    const error = await createCluster(place, findPrograms(place, shipped)).catch(String);
    expect(error).to.match(/musl.*set DATABASE_URL/);
    expect(fs.readdirSync(place.folder)).to.deep.equal([]);
  });

  it('says in one line that a folder cannot be written', async () => {
    const closed = fs.mkdtempSync(path.join(box, 'closed-'));
    fs.chmodSync(closed, 0o555);
    const { error } = await child(closed, { as: isRoot ? nobody : {} });
    expect(error).to.match(/^CannotStart: The embedded database may not use .*closed.* set DATA_DIR/);
  });

  it('runs for an ordinary user', async function () {
    if (!isRoot) this.skip(); // Then all the other stories show it.
    const own = path.join(box, 'own');
    fs.mkdirSync(own, { mode: 0o700 });
    fs.chownSync(own, nobody.uid, nobody.gid);
    const ordinary = await child(own, { as: nobody });
    expect(await ask(ordinary.owner, 'select 1')).to.equal('1');
    expect(fs.statSync(`/proc/${serverOf(own)}`).uid).to.equal(nobody.uid);
    await ordinary.leave();
  });

  it('stays in a folder of root that is closed but empty', function () {
    if (!isRoot) this.skip(); // Needs root, who runs the server as somebody else.
    const closed = fs.mkdtempSync(path.join(box, 'empty-'));
    expect(findPlace(closed).folder).to.equal(closed);
    expect(fs.statSync(closed).mode & 0o777).to.equal(0o711);
  });

  it('lives under /var/lib/roster when its user cannot walk to a folder of root', async function () {
    if (!isRoot) this.skip(); // Needs root, who runs the server as somebody else.
    const home = path.join(box, 'home');
    fs.mkdirSync(home, { mode: 0o700 });
    const embedded = await join(path.join(home, 'data'));
    const data = await ask(embedded.owner, 'show data_directory');
    await embedded.stop();
    fs.chmodSync(home, 0o755);
    const again = findPlace(path.join(home, 'data'));
    fs.rmSync(path.dirname(path.dirname(data)), { recursive: true });
    expect(data).to.match(/^\/var\/lib\/roster\/\w{12}\/cluster\/pgdata$/);
    expect(again.data, 'stays where it was made').to.equal(data);
  });
});

/** A package as npm leaves it without scripts, with empty programs. */
function shipPrograms(box: string): { nodeModules: string; shipped: string } {
  const nodeModules = fs.mkdtempSync(path.join(box, 'node_modules-'));
  fs.chmodSync(nodeModules, 0o755);
  const shipped = path.join(nodeModules, 'package');
  for (const name of ['bin', 'lib']) fs.mkdirSync(path.join(shipped, 'native', name), { recursive: true });
  for (const name of ['initdb', 'postgres']) fs.writeFileSync(path.join(shipped, 'native/bin', name), '', { mode: 0o755 });
  for (const name of ['libx.so.1', 'libx.a']) fs.writeFileSync(path.join(shipped, 'native/lib', name), '');
  fs.writeFileSync(path.join(shipped, 'package.json'), '{"version":"1.2.3"}');
  const links = [{ source: 'native/lib/libx.so.1', target: 'native/lib/libx.so' }];
  fs.writeFileSync(path.join(shipped, 'native/pg-symlinks.json'), JSON.stringify(links));
  return { nodeModules, shipped };
}
