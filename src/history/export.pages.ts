import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { actorOf, dbOf } from '../web/context.ts';
import { exportHistory } from './export.ts';
import { readHistoryFilter } from './history.pages.ts';

/** The history as the page of the same filters shows it, all of it, as a file. */
export const showHistoryExport = async (req: Request, res: Response): Promise<void> => {
  const pieces = exportHistory(dbOf(req), actorOf(req), readHistoryFilter(req.query));
  const first = await pieces.next(); // What fails before the first line still gets a page that says so.
  res.type('text/csv').attachment('history.csv');
  res.write(first.value);
  await pipeline(Readable.from(pieces), res);
};
