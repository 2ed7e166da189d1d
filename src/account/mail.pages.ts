import type { Request, Response } from 'express';
import { tick } from '../ground/fields.ts';
import { snake } from '../ground/names.ts';
import { preferences } from '../mail/words/template.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { chooseLetters, offeredTo, readChoices } from './mail.ts';

export const showLetters = async (req: Request, res: Response) => {
  const chosen = await readChoices(dbOf(req), actorOf(req));
  await page(req, res, 'account/mail', {
    title: 'Mail',
    section: 'account',
    tab: 'mail',
    outgoingMail: (await readSettings(dbOf(req))).outgoingMail,
    choices: offeredTo(actorOf(req)).map((name) => ({
      name: snake(name),
      label: preferences[name],
      isOn: chosen[name],
    })),
  });
};

export const postLetters = async (req: Request, res: Response) => {
  const fields = Object.fromEntries(offeredTo(actorOf(req)).map((name) => [name, tick]));
  await chooseLetters(dbOf(req), actorOf(req), readForm(req.body, fields));
  await done(req, res, '/account/mail', 'Saved.');
};
