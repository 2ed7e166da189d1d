import express, { type Express, type RequestHandler } from 'express';
import { noticeLostConnection, sameConnection, sameSubject } from './connection/connect.pages.ts';
import { noteOpened } from './connection/visits.pages.ts';
import { isCurrent } from './ground/migrate.ts';
import { noteDenial } from './history/history.pages.ts';
import { routes } from './routes.ts';
import { sessionKeeper } from './sessions/store.ts';
import { assets } from './web/assets.ts';
import { compressed } from './web/compress.ts';
import type { Context } from './web/context.ts';
import { csrf, csrfTokens } from './web/csrf.ts';
import { failures, notFound, requestIds } from './web/failures.ts';
import { knownHost, notFromElsewhere, sameOrigin } from './web/gate.ts';
import { guard, identify } from './web/guard.ts';
import { securityHeaders } from './web/headers.ts';
import { health } from './web/health.ts';
import { otherMethods } from './web/methods.ts';
import type { Route } from './web/route.ts';
import { csrfSecrets, sessions } from './web/session.ts';

/** The whole application: what every request passes, in order; then the table of routes; then failures. */
export function createApp(context: Context): Express {
  const app = express();
  app.disable('x-powered-by').set('trust proxy', context.config.trustProxy).set('etag', false);
  // An address in other letters would pass by whatever asks for a path, such as the one that keeps which pages a visit has opened.
  app.enable('case sensitive routing');
  app.locals.context = context;
  app.use(requestIds, ...securityHeaders(context.config));
  app.use(health(context, isCurrent));
  app.use(knownHost(context.config), compressed(), assets(), notFromElsewhere);
  app.use(
    ...sessions(context, sessionKeeper(context.db)),
    csrfSecrets(context),
    csrfTokens,
    identify,
    noticeLostConnection,
    sameConnection,
    noteOpened,
  );
  app.use(sameOrigin(context.config), express.urlencoded({ extended: false, limit: '100kb', parameterLimit: 200 }), sameSubject);
  for (const route of routes) mount(app, route);
  for (const [path, refuse] of otherMethods(routes)) app.all(path, refuse);
  app.use(notFound, noteDenial, failures);
  return app;
}

/** Who may not is told so before a large body is read, and nothing is done before the token was seen. */
function mount(app: Express, [method, path, act, ...handlers]: Route): void {
  const readers = handlers.slice(0, -1);
  app[method](path, guard(act), ...readers, csrf, handlers.at(-1) as RequestHandler);
}
