import type { Request, Response } from 'express';
import { z } from 'zod';
import { tick } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { chooseColumns, columnNames } from './columns.ts';

/** Ticked boxes of one name: none, one or a list. */
const ticked = z.preprocess((value) => [value ?? []].flat(), z.array(z.enum(columnNames, 'There is no such column.')));

export const postColumns = async (req: Request, res: Response) => {
  const { columns, usual } = readForm(req.body, { columns: ticked, usual: tick });
  await chooseColumns(dbOf(req), actorOf(req), usual ? null : columns);
  await done(req, res, wayBack(req, '/users'), usual ? 'The usual columns are shown.' : 'The columns have been saved.');
};
