import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { needsSetup, setupToken } from './signin/setup.ts';
import { type Ground, openGround } from './start.ts';
import type { Context } from './web/context.ts';
import { startWorker } from './worker.ts';

type Part = { stop(): Promise<void> };

/** Long enough for any request to end, short enough that a stuck one does not hold up a deployment. */
const drainMs = 9_000;

/** Slow clients are dropped before they hold up the others. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

/** Starts the web process and the worker in one, or only the one that is named. */
async function start(only: string | undefined): Promise<void> {
  const ground = await openGround();
  const parts: Part[] = [];
  stopOnSignal(ground, parts);
  try {
    if (only !== 'worker') {
      parts.push(await startWeb(ground.context));
      await announce(ground.context);
    }
    if (only !== 'web') parts.push(await startWorker(ground.context, ground.ownerConnection));
  } catch (error) {
    await ground.close();
    throw error;
  }
}

async function startWeb(context: Context): Promise<Part> {
  const { port, host } = context.config;
  const server = createServer(limits, createApp(context));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(whyNotListening(error, context.config)));
    server.listen(port, host, resolve);
  });
  return { stop: () => drain(server) };
}

function whyNotListening(error: NodeJS.ErrnoException, { port, host }: Context['config']): Error {
  const { code = '' } = error;
  if (code === 'EADDRINUSE') return new Error(`PORT ${port} is taken by another program; set PORT to a free one.`);
  if (code === 'EACCES') return new Error(`PORT ${port} is not for this user to listen on; set PORT to one above 1023.`);
  if (!['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(code)) return error;
  return new Error(`HOST holds ${JSON.stringify(host)}; it may hold an address of this machine to listen on.`);
}

/** Takes nothing new and lets what is under way end; connections that wait for more are closed as they fall idle. */
async function drain(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(sweep);
}

/** One line says where to go. */
async function announce({ config, db, secrets }: Context): Promise<void> {
  const path = (await needsSetup(db)) ? `/setup?token=${setupToken(secrets[0])}` : '/';
  process.stdout.write(`Roster is ready: open ${config.baseUrl}${path}\n`);
}

function stopOnSignal(ground: Ground, parts: Part[]): void {
  const stop = async () => {
    setTimeout(() => process.exit(0), drainMs).unref();
    await Promise.all(parts.map((part) => part.stop()));
    await ground.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

start(process.argv[2]).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
