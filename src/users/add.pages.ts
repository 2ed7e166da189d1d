import type { Request, Response } from 'express';
import type { z } from 'zod';
import { Invalid, Refused } from '../ground/errors.ts';
import { assertSame, oneOf, passwordField, tick } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { addUser, type NewUser } from './add.ts';
import { formChoices } from './choices.ts';
import { userFields } from './fields.ts';
import { groupChoices, groupsField, joinGroups } from './groups.ts';
import { readPlaces } from './limit.ts';
import { generatePassword } from './password.ts';
import { sealedPassword } from './reset.pages.ts';
import { undoOf } from './undo.pages.ts';

const shape = {
  ...userFields,
  groups: groupsField,
  enabled: tick,
  passwordBy: oneOf(['activation_mail', 'single_use', 'now', ''], 'One of these.').default(''),
  singleUsePassword: passwordField,
  password: passwordField,
  passwordConfirmation: passwordField,
  mustChange: tick,
};

const untouched = {
  profile: 'customer',
  user_type: 'individual',
  enabled: 'on',
  email_verified: 'on',
};

export const showAdd = (req: Request, res: Response) => form(req, res, untouched);

/** Adds the user and shows it, with what becomes of its letter; a single-use password is shown on that page this once. */
export const postAdd =
  (confirmIdentity: (req: Request) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    try {
      const { outgoingMail } = await readSettings(dbOf(req));
      const fields = newUser(readForm(joinGroups(req.body ?? {}), shape), outgoingMail);
      if (fields.profile === 'administrator') await confirmIdentity(req);
      const { username, historyId } = await addUser(dbOf(req), actorOf(req), fields);
      const secret = fields.access.by === 'single_use' ? sealedPassword(contextOf(req), fields.access.password) : {};
      await done(req, res, `/users/${username}`, `${username} has been added.${letterOf(fields, outgoingMail)}`, {
        ...secret,
        ...undoOf(historyId),
      });
    } catch (error) {
      if (error instanceof Refused)
        return form(req, res.status(409), typedAgain(joinGroups(req.body ?? {})), { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), typedAgain(joinGroups(req.body ?? {})), besideField(req.body?.password_by, error.fields));
    }
  };

/** The form has two fields for a password: the message stands beside the one that was chosen. */
function besideField(passwordBy: unknown, { password, ...errors }: Record<string, string>): Record<string, string> {
  if (!password) return errors;
  return { ...errors, [passwordBy === 'now' ? 'password' : 'single_use_password']: password };
}

/** What the form does when it does not say how the user gets in. */
const usual = (outgoingMail: boolean) => (outgoingMail ? 'activation_mail' : 'single_use');

/**
 * Whichever way in the form chose. An empty single-use password is generated, as with the field untouched; who cannot sign in yet
 * needs no password now.
 */
function newUser(
  { passwordBy, singleUsePassword, password, passwordConfirmation, mustChange, ...fields }: z.output<z.ZodObject<typeof shape>>,
  outgoingMail: boolean,
): NewUser {
  const by = passwordBy || usual(outgoingMail);
  if (by === 'single_use') return { ...fields, access: { by, password: singleUsePassword || password || generatePassword() } };
  const isLater = by === 'now' && !fields.enabled && `${password}${passwordConfirmation}` === '';
  if (by === 'activation_mail' || isLater) return { ...fields, access: { by: 'activation_mail' } };
  assertSame({ password, passwordConfirmation });
  return { ...fields, access: { by, password, mustChange } };
}

/** What the next page says of the letter that the user gets. */
function letterOf({ enabled, emailVerified, email, access }: NewUser, outgoingMail: boolean): string {
  if (!enabled) return '';
  if (!outgoingMail) return access.by === 'activation_mail' ? ' Copy the activation link and hand it over.' : '';
  if (access.by === 'activation_mail') return ` An activation mail goes to ${email}.`;
  return emailVerified ? '' : ` A mail to verify the address goes to ${email}.`;
}

async function form(req: Request, res: Response, values: Typed, errors: Record<string, string> = {}): Promise<void> {
  const places = await readPlaces(dbOf(req));
  const { accountNote, outgoingMail } = await readSettings(dbOf(req));
  await page(req, res, 'users/add', {
    title: 'Add User',
    section: 'users',
    values: { ...values, password_by: req.body?.password_by || usual(outgoingMail) },
    errors,
    places,
    accountNote,
    outgoingMail,
    ...formChoices,
    accessChoices: accessChoices(outgoingMail),
    ...(await groupChoices(dbOf(req))),
    generated: generatePassword(),
  });
}

/** The ways in, the usual one first; a single-use password only where no mail can bring a link. */
const accessChoices = (outgoingMail: boolean) => (outgoingMail ? [byMail, now] : [singleUse, byCopy, now]);

const byMail = {
  value: 'activation_mail',
  label: 'Activation mail',
  hint: 'The user gets a link by mail, chooses a password and is active then. The link works for 7 days.',
};
const byCopy = {
  value: 'activation_mail',
  label: 'Activation link',
  hint: 'You copy a link from the user’s page and hand it over; the user chooses a password and is active then.',
};
const singleUse = {
  value: 'single_use',
  label: 'Single-use password',
  hint: 'Works for one sign-in within 72 hours and must then be replaced. It is shown once, after the user has been added.',
};
const now = {
  value: 'now',
  label: 'Set a password now',
  hint: 'You tell it to the user; it stays until the user changes it.',
};
