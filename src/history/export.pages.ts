import type { Request, Response } from 'express';
import { actorOf, dbOf } from '../web/context.ts';
import { sendCsv } from '../web/csv.ts';
import { exportHistory } from './export.ts';
import { readHistoryFilter } from './history.pages.ts';

/** The history as the page of the same filters shows it, all of it, as a file. */
export const showHistoryExport = (req: Request, res: Response): Promise<void> =>
  sendCsv(res, 'history.csv', exportHistory(dbOf(req), actorOf(req), readHistoryFilter(req.query)));
