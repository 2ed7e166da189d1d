import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { sendCsv } from '../web/csv.ts';
import { exportUsers } from './export.ts';
import { applyFilter, readFilter, type UserFilter } from './filter.ts';

/** The list as it is filtered, all of it, as a file that an import takes again. */
export const showUsersExport = async (req: Request, res: Response): Promise<void> => {
  const filter = readFilter(req.query);
  const problems = applyFilter(dbOf(req).queryBuilder(), filter);
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  const pieces = await exportUsers(dbOf(req), actorOf(req), (query) => applyFilter(query, filter), namesOf(filter));
  await sendCsv(res, 'users.csv', pieces);
};

const namesOf = (filter: UserFilter) => Object.entries(filter).flatMap(([name, value]) => (value ? [name] : []));
