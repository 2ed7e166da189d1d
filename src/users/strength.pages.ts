import type { Request, Response } from 'express';
import { z } from 'zod';
import { dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { page } from '../web/page.ts';
import { fromNetworkKey, limitAttempts } from './attempts.ts';
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
  await limitAttempts(dbOf(req), fromNetworkKey('strength', req.ip ?? ''), {
    most: mostInAMinute,
    minutes: 1,
    says: 'Too many passwords are measured from your network.',
  });
  const { password, ...about } = readForm(req.body, fields);
  await page(req, res, 'users/strength', { title: 'Password strength', strength: strengthOf(password, about) });
};
