import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { needsSetup, setupToken } from './signin/setup.ts';
import { type Ground, openGround } from './start.ts';
import type { Context } from './web/context.ts';
import { startWorker } from './worker.ts';

/** Long enough for any request to end, short enough that a stuck one does not hold up a deployment. */
const drainMs = 9_000;

/** Starts the web process, and the worker in it unless it is told to be only `web`. */
async function start(isWebOnly: boolean): Promise<void> {
  const ground = await openGround();
  const { context } = ground;
  const server = createServer(limits, createApp(context));
  await listen(server, context);
  const worker = isWebOnly ? null : await startWorker(context, ground.ownerConnection, context.log);
  await announce(context);
  stopOnSignal(server, ground, worker);
}

/** Slow clients are dropped before they hold up the others. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};

function listen(server: Server, { config }: Context): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`PORT ${config.port} is taken by another program; set PORT to a free one.`)
          : error,
      ),
    );
    server.listen(config.port, config.host, resolve);
  });
}

/** One line says where to go. */
async function announce({ config, db, secrets }: Context): Promise<void> {
  const path = (await needsSetup(db)) ? `/setup?token=${setupToken(secrets[0])}` : '/';
  process.stdout.write(`Roster is ready: open ${config.baseUrl}${path}\n`);
}

function stopOnSignal(server: Server, ground: Ground, worker: { stop(): Promise<void> } | null): void {
  const stop = async () => {
    setTimeout(() => process.exit(0), drainMs).unref();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    await worker?.stop();
    await ground.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
}

start(process.argv.includes('web')).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
