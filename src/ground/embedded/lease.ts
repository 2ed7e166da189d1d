import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CannotStart } from './failure.ts';
import { findListenerOrNull, isPostmaster } from './postmaster.ts';
import { removeSocketFolder } from './sockets.ts';

const leaseKey = 4711;
const renewMilliseconds = 1000;
const longestShutdownMilliseconds = 1500;

/**
 * Our share in the server: an idle connection that holds a shared advisory lock. Whoever can take that lock for itself alone
 * is the last one out. A killed process loses its share with its connection.
 */
export type Lease = { connection: pg.ClientConfig; client: pg.Client; socket: net.Socket; isOver: boolean };

/** Null while the server is on its way out (or not yet in): look again. */
export async function takeLeaseOrNull(access: { host: string; password: string }): Promise<Lease | null> {
  const connection = { ...access, port: 5432, user: 'roster', database: 'postgres' };
  const held = await connectOrNull(connection);
  if (!held) return null;
  return { connection, ...held, isOver: false };
}

/**
 * Lets the share rest: it keeps no process alive, and is taken anew when it is lost. After a crash of one backend the server
 * drops every connection and goes on; without a new share it could be stopped under us.
 */
export function keep(lease: Lease): void {
  lease.socket.unref();
  lease.client.once('end', () => {
    if (!lease.isOver) setTimeout(renew, renewMilliseconds, lease).unref();
  });
}

/** Gives our share back; the last one out stops the server and waits until it has ended. */
export async function leave(lease: Lease): Promise<void> {
  lease.isOver = true;
  lease.socket.ref();
  if (await isLastOut(lease.client)) await shutDown(lease.connection.host ?? '');
  await lease.client.end().catch(() => undefined);
}

async function connectOrNull(connection: pg.ClientConfig): Promise<{ client: pg.Client; socket: net.Socket } | null> {
  const socket = new net.Socket();
  const client = new pg.Client({
    ...connection,
    stream: () => socket,
    connectionTimeoutMillis: 2000,
    application_name: 'roster lease',
  });
  client.on('error', () => undefined); // The server went away: `end` follows.
  try {
    await client.connect();
    if (await asks(client, 'select pg_try_advisory_lock_shared($1) as yes')) return { client, socket };
  } catch (error) {
    if ((error as pg.DatabaseError).code?.startsWith('28'))
      throw new CannotStart('The embedded database refuses the password in the file "secret" beside its data.', { cause: error });
  }
  client.end().catch(() => undefined);
  return null;
}

async function asks(client: pg.Client, question: string): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(question, [leaseKey]);
  return rows[0]?.yes === true;
}

async function renew(lease: Lease): Promise<void> {
  if (lease.isOver) return;
  const held = await connectOrNull(lease.connection).catch(() => null);
  if (held) Object.assign(lease, held);
  if (held && lease.isOver) await held.client.end();
  else if (held) keep(lease);
  else setTimeout(renew, renewMilliseconds, lease).unref();
}

async function isLastOut(client: pg.Client): Promise<boolean> {
  try {
    await asks(client, 'select pg_advisory_unlock_shared($1) as yes');
    return await asks(client, 'select pg_try_advisory_lock($1) as yes');
  } catch {
    return false; // The server is gone already.
  }
}

/** We hold the lock alone until the server ends, so nobody can join it any more. */
async function shutDown(socketFolder: string): Promise<void> {
  const server = findListenerOrNull(socketFolder);
  if (!server) return;
  process.kill(server.pid, 'SIGINT'); // "Fast": rolls open transactions back, writes a checkpoint.
  const deadline = Date.now() + longestShutdownMilliseconds;
  while (isPostmaster(server.pid, server.data) && Date.now() < deadline) await sleep(10);
  removeSocketFolder(socketFolder);
}
