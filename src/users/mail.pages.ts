import type { Request, Response } from 'express';
import { letterLocals } from '../mail/mail.pages.ts';
import { dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { headLocals } from './show.pages.ts';
import { findUser } from './user.ts';

/** Every letter to a user, with what became of it. */
export const showUserMail = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  const path = `/users/${user.username}/mail`;
  const letters = await letterLocals(req, { path, userId: user.id });
  await page(req, res, 'users/mail', { title: `Mail of ${user.name}`, ...headLocals(req, user, 'mail'), ...letters });
};
