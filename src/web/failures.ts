import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { Forbidden, Invalid, NotFound, Refused, TryLater } from '../ground/errors.ts';
import { contextOf } from './context.ts';
import { isStaleToken } from './csrf.ts';
import { pageBefore } from './guard.ts';
import { isPart, page } from './page.ts';

type Failure = { status: number; heading: string; text: string; id?: string; seconds?: number };

/** Gives each request the id that its log lines, history rows and failure page share. */
export const requestIds: RequestHandler = (req, res, next) => {
  req.requestId = randomUUID();
  res.setHeader('X-Request-Id', req.requestId);
  next();
};

export const notFound: RequestHandler = () => {
  throw new NotFound('There is no such page.');
};

/** The end of every request that could not be answered: a page that says what to do, or its fragment for htmx. */
export const failures: ErrorRequestHandler = async (error, req, res, next) => {
  const failure = explain(error, req);
  const isUnexpected = failure.status >= 500 && !(error instanceof TryLater);
  if (isUnexpected) contextOf(req).log.error({ err: error, id: req.requestId, path: pathOf(req) }, 'request failed');
  if (res.headersSent) return next(error);
  res.status(failure.status);
  if (failure.seconds) res.setHeader('Retry-After', String(failure.seconds));
  await show(req, res, failure).catch((second) => {
    contextOf(req).log.error({ err: second, id: req.requestId }, 'failure page failed');
    res.type('text').send(`${failure.heading}\n${failure.text}\n`);
  });
};

/** What is so long in an address is the token of a mailed link, which opens an account. */
const pathOf = (req: Request) => req.path.replace(/[^/]{40,}/g, '…');

function show(req: Request, res: Response, failure: Failure): Promise<void> {
  const locals = { id: null, actions: actionsFor(req), ...failure, title: failure.heading };
  if (!isPart(req)) return page(req, res, 'layout/failure', locals);
  res.setHeader('HX-Retarget', '#flash');
  res.setHeader('HX-Reselect', '#failure');
  res.setHeader('HX-Reswap', 'innerHTML');
  return page(req, res, 'layout/_failure', { ...locals, flash: null });
}

/** Whoever pressed a button wants back to where it was. */
function actionsFor(req: Request) {
  const before = req.method === 'POST' ? pageBefore(req, '') : '';
  const user = req.actor?.connection?.user;
  return [
    ...(before ? [{ href: before, label: 'Back' }] : []),
    ...(user ? [{ href: '/my', label: `Sections of ${user.name}` }] : []),
    { href: '/', label: 'Start page' },
  ];
}

function explain(error: unknown, req: Request): Failure {
  if (error instanceof NotFound) return { status: 404, heading: 'Not found', text: error.message };
  if (error instanceof Forbidden) return { status: 403, heading: 'Not allowed', text: error.message };
  if (error instanceof Refused) return { status: 409, heading: 'Not possible', text: error.message };
  if (error instanceof Invalid) return { status: 422, heading: 'Something needs mending', text: error.message };
  if (error instanceof TryLater) return { status: error.status, heading: 'Busy', text: error.message, seconds: error.seconds };
  if (isStaleToken(error)) return stale;
  return databaseFailure(error) ?? requestFailure(error) ?? { ...ours, id: req.requestId };
}

const stale: Failure = {
  status: 403,
  heading: 'This form is out of date',
  text: 'You signed in or out, connected to a user or disconnected since it was opened, so nothing was changed. Go back, reload the page and send it again.',
};

const ours: Failure = {
  status: 500,
  heading: 'Something went wrong here',
  text: 'It is our mistake, and it has been noted. Nothing was changed.',
};

const unreachable: Failure = {
  status: 503,
  heading: 'The database does not answer',
  text: 'Nothing was changed. Try again in a few seconds.',
  seconds: 2,
};

/** Postgres says what kind of failure it was by its code; what never reached it has a code of the network. */
function databaseFailure(error: unknown): Failure | null {
  const { code = '', name = '', message = '' } = error as { code?: string; name?: string; message?: string };
  const isGone = /^(08|57P0|53)/.test(code) || /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/.test(code);
  if (isGone || name === 'KnexTimeoutError' || /Connection terminated|timeout exceeded|Query read timeout/.test(message))
    return unreachable;
  if (code === '57014' || code === '55P03')
    return { ...unreachable, heading: 'This takes too long', text: 'Nothing was changed. Try again, or ask for less at once.' };
  if (/^22/.test(code))
    return { status: 400, heading: 'Not understood', text: 'The address or form holds something that cannot be read.' };
  if (/^(40|23505)/.test(code))
    return {
      status: 409,
      heading: 'Somebody else was faster',
      text: 'Nothing was changed. Look again, then repeat it if it is still needed.',
    };
  return null;
}

/** Express and its parsers mark what the visitor sent wrongly with a status of 4xx. */
function requestFailure(error: unknown): Failure | null {
  const { status } = error as { status?: number };
  if (!status || status < 400 || status > 499) return null;
  return {
    status,
    heading: 'Not understood',
    text: status === 413 ? 'That is more than this page takes.' : 'The request could not be read.',
  };
}
