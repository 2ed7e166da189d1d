import type { Settings } from '../../src/settings/settings.ts';
import type { Site } from './site.ts';
import type { Page, Visitor } from './visitor.ts';

/** Somebody who is nobody yet, as the form of /register takes it. */
export const zoe = {
  username: 'zoe-new',
  email: 'zoe@new.example',
  first_name: 'Zoë',
  last_name: 'Ivanova',
  password: 'orbit-velvet-4711',
  password_confirmation: 'orbit-velvet-4711',
};

/** From here on people may register in this mode. */
export const openRegistration = (
  site: Pick<Site, 'db'>,
  settings: Partial<Pick<Settings, 'registration' | 'approval' | 'outgoingMail'>> = {},
) => site.db('settings').update({ registration: 'open', outgoingMail: true, ...settings });

/** Fills in the form as the page shows it. */
export async function signUp(visitor: Visitor, fields: Record<string, string> = zoe): Promise<Page> {
  await visitor.get('/register');
  return visitor.submit('/register', fields);
}
