import type { Request, Response } from 'express';
import { lineIn } from '../ground/fields.ts';
import { sharedWithUser } from '../things/share.ts';
import { userNamedOrNull } from '../users/named.ts';
import { headLocals } from '../users/show.pages.ts';
import { findUser, type User } from '../users/user.ts';
import { dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { type Area, rightsOf } from './rights.ts';

/** What a user may do and where that comes from; beside another user when one is named. */
export const showAccess = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const user = await findUser(db, String(req.params.username));
  const typed = lineIn(req.query.with, 254);
  const other = typed ? await userNamedOrNull(db, typed) : null;
  const isWrong = typed !== '' && (!other || other.id === user.id);
  const beside = isWrong ? null : other;
  const areas = [await rightsOf(db, user), ...(beside ? [await rightsOf(db, beside)] : [])];
  await page(req, res.status(isWrong ? 422 : 200), 'rights/show', {
    title: `Access of ${user.name}`,
    ...headLocals(req, user, 'access'),
    columns: [user, ...(beside ? [beside] : [])].map(columnOf),
    areas: sideBySide(areas),
    differences: beside ? countDifferences(areas) : null,
    shares: await sharedWithUser(db, user.id),
    values: { with: typed },
    errors: isWrong ? { with: other ? 'This is the same user.' : 'There is no such user.' } : {},
  });
};

const columnOf = ({ name, username }: User) => ({ name, username });

/** The answers of each user in one row; they are asked the same questions in the same order. */
function sideBySide(all: Area[][]) {
  return (all[0] as Area[]).map(({ title, rights }, area) => ({
    title,
    rows: rights.map(({ says }, row) => {
      const answers = all.flatMap((areas) => areas[area]?.rights[row]?.answer ?? []);
      return { says, answers, differs: answers.some(({ text }) => text !== answers[0]?.text) };
    }),
  }));
}

const countDifferences = (all: Area[][]) =>
  sideBySide(all).reduce((sum, { rows }) => sum + rows.filter(({ differs }) => differs).length, 0);
