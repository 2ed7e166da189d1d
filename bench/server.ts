import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../src/ground/root.ts';

/** Roster as `npm start` runs it: web, worker and, in its folder, the database. */
export type Server = { process: ChildProcess; coldStartMs: number; stop(): Promise<void> };

const longestStartMs = 60_000;
const longestStopMs = 15_000;

/** Starts Roster and waits for its first page. While nothing else uses the database's folder that starts too. */
export async function startServer(env: NodeJS.ProcessEnv, port: number): Promise<Server> {
  const began = performance.now();
  const process = spawn('node', ['dist/src/server.js'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (!(await answers(port))) {
    if (process.exitCode !== null || performance.now() - began > longestStartMs) throw new Error('Roster does not start.');
    await sleep(5);
  }
  return { process, coldStartMs: performance.now() - began, stop: () => stop(process) };
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/sign-in`).catch(() => null);
  await response?.arrayBuffer();
  return response?.status === 200;
}

/** Ends a process that we started. */
export async function stop(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const ended = once(process, 'exit');
  process.kill('SIGTERM');
  const late = setTimeout(() => process.kill('SIGKILL'), longestStopMs);
  await ended;
  clearTimeout(late);
}

/** Starts Roster `times` times, each time from nothing, and leaves the last one running. */
export async function startCold(env: NodeJS.ProcessEnv, port: number, times: number) {
  const coldStartsMs: number[] = [];
  for (;;) {
    const server = await startServer(env, port);
    coldStartsMs.push(server.coldStartMs);
    if (coldStartsMs.length === times) return { server, coldStartsMs };
    await server.stop();
  }
}

/** Mebibytes that a process holds in memory. */
export function memoryOf({ pid }: ChildProcess): number {
  return Math.round(kibibytes(pid ?? 0) / 1024);
}

function kibibytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })); // No /proc: macOS.
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
