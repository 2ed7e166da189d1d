import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { profileHints, profileNames } from '../access/profiles.ts';
import { actorOf } from '../web/context.ts';
import { page } from '../web/page.ts';

/** The start page of the subject: what it has, section by section. */
export const showStart = async (req: Request, res: Response) => {
  const { name, profile } = subjectOf(actorOf(req));
  const locals = { name, profileName: profileNames[profile], profileHint: profileHints[profile] };
  await page(req, res, 'my/start', { title: 'Start', section: 'my', ...locals });
};
