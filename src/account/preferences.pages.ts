import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { oneOf } from '../ground/fields.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { savePreferences, timeZones } from './preferences.ts';
import { themeField } from './theme.ts';

const fields = { timeZone: oneOf(timeZones, 'Choose one of the zones.'), theme: themeField };

export const showPreferences = async (req: Request, res: Response) => {
  const { timeZone, theme } = await findUser(dbOf(req), actorOf(req).username);
  await form(req, res, { time_zone: timeZone, theme });
};

export const postPreferences = async (req: Request, res: Response) => {
  try {
    await savePreferences(dbOf(req), actorOf(req), readForm(req.body, fields));
    await done(req, res, '/account/preferences', 'Preferences saved.');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), typedAgain(req.body), error.fields);
  }
};

const zoneChoices = timeZones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));

const themeChoices = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

function form(req: Request, res: Response, values: object, errors: Record<string, string> = {}): Promise<void> {
  const locals = { title: 'Preferences', section: 'account', tab: 'preferences', values, errors };
  return page(req, res, 'account/preferences', { ...locals, zoneChoices, themeChoices, now: new Date() });
}
