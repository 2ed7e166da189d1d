import type { ErrorRequestHandler, Request, Response } from 'express';
import { Forbidden } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { record } from './record.ts';
import { actVerbs, type Happening, type HistoryFilter, readHistory } from './timeline.ts';

const pageSize = 50;

/** A page of a timeline with the address of the next: older acts stand below. */
export async function timelineLocals(
  req: Request,
  read: (span: { before: number | null; limit: number }) => Promise<Happening[]>,
  path: string,
) {
  const found = await read({ before: idOrNull(req.query.before), limit: pageSize + 1 });
  const happenings = found.slice(0, pageSize);
  const address = new URL(path, 'http://roster');
  address.searchParams.set('before', String(happenings.at(-1)?.id));
  const pager = {
    first: req.query.before ? path : null,
    next: found.length > pageSize ? address.pathname + address.search : null,
    sizes: [],
    text: '',
  };
  return { happenings: happenings.map((one) => ({ ...one, verb: actVerbs[one.act] ?? one.act })), pager };
}

export const showHistory = async (req: Request, res: Response) => {
  const { act, user, actor } = req.query;
  const given = Object.entries({ act, user, actor }).filter(([, value]) => typeof value === 'string' && value !== '');
  const filter = Object.fromEntries(given) as HistoryFilter & Record<string, string>;
  const path = given.length > 0 ? `/history?${new URLSearchParams(filter)}` : '/history';
  const locals = await timelineLocals(req, (span) => readHistory(dbOf(req), filter, span), path);
  const exportHref = path.replace('/history', '/history/export.csv');
  await page(req, res, 'history/list', {
    title: 'History',
    section: 'history',
    ...locals,
    filter,
    acts: Object.keys(actVerbs),
    exportHref,
  });
};

/** Notes in the history that somebody tried what it may not do, then lets the failure page answer. */
export const recordDenial: ErrorRequestHandler = (error, req, _res, next) => {
  if (!(error instanceof Forbidden) || !req.actor) return next(error);
  const { actor, method, path } = req;
  const facts = { method, path: path.slice(0, 200), why: error.message };
  dbOf(req)
    .transaction((trx) => record(trx, actor, 'access.denied', null, { outcome: 'refused', facts }))
    .catch((failure) => contextOf(req).log.error({ err: failure }, 'denial not recorded'))
    .finally(() => next(error));
};
