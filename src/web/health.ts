import { type RequestHandler, Router } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Db } from '../ground/database.ts';
import { digest, isSame } from '../ground/secrets.ts';
import type { Context } from './context.ts';

/** For machines: is the process alive, can it serve, how is it. No detail for strangers. */
export function health({ config, db, log }: Context, isCurrent: (db: Db) => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.type('text').send('ok\n'));
  router.get('/readyz', async (_req, res) => {
    const isReady = await isCurrent(db).catch((error) => {
      log.warn({ err: error }, 'not ready');
      return false;
    });
    res
      .status(isReady ? 200 : 503)
      .type('text')
      .send(isReady ? 'ok\n' : 'not ready\n');
  });
  if (config.metricsToken) router.get('/metrics', metrics(config.metricsToken));
  return router;
}

function metrics(token: string): RequestHandler {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return async (req, res) => {
    const isAllowed = isSame(digest(req.get('authorization') ?? ''), digest(`Bearer ${token}`));
    res.status(isAllowed ? 200 : 401).type('text');
    res.send(isAllowed ? await registry.metrics() : 'a token is needed\n');
  };
}
