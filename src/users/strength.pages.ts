import type { Request, Response } from 'express';
import { z } from 'zod';
import { TryLater } from '../ground/errors.ts';
import { dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { page } from '../web/page.ts';
import { countAttempt, networkKey } from './attempts.ts';
import { strengthOf } from './strength.ts';

/** What a whole office may type in a minute; measuring is work, and nobody has to be signed in for it. */
const mostInAMinute = 300;

const short = z
  .string()
  .catch('')
  .transform((text) => text.slice(0, 254));
const fields = { password: z.string().max(1000).catch(''), username: short, email: short };

/** Says how strong the password of the form is, as it is typed; keeps nothing of it. */
export const postStrength = async (req: Request, res: Response) => {
  const measured = await countAttempt(dbOf(req), `strength ${networkKey(req.ip ?? '')}`, 1);
  if (measured > mostInAMinute)
    throw new TryLater('Too many passwords are measured from your network.', { status: 429, seconds: 60 });
  const { password, ...about } = readForm(req.body, fields);
  await page(req, res, 'users/strength', { title: 'Password strength', strength: strengthOf(password, about) });
};
