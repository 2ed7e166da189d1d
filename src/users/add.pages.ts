import type { Request, Response } from 'express';
import { z } from 'zod';
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
  passwordBy: z.preprocess((value) => value || 'single_use', oneOf(['single_use', 'now'], 'Single-use or set now.')),
  singleUsePassword: passwordField,
  password: passwordField,
  passwordConfirmation: passwordField,
};

const untouched = {
  profile: 'customer',
  user_type: 'individual',
  enabled: 'on',
  email_verified: 'on',
  password_by: 'single_use',
};

export const showAdd = (req: Request, res: Response) => form(req, res, untouched);

/** Adds the user and shows it; a single-use password is shown on that page this once. */
export const postAdd =
  (confirmIdentity: (req: Request) => Promise<void>) =>
  async (req: Request, res: Response): Promise<void> => {
    try {
      const fields = newUser(readForm(joinGroups(req.body ?? {}), shape));
      if (fields.profile === 'administrator') await confirmIdentity(req);
      const { username, historyId } = await addUser(dbOf(req), actorOf(req), fields);
      const secret = fields.access.by === 'single_use' ? sealedPassword(contextOf(req), fields.access.password) : {};
      await done(req, res, `/users/${username}`, `${username} has been added.`, {
        ...secret,
        ...undoOf(historyId),
      });
    } catch (error) {
      if (error instanceof Refused) return form(req, res.status(409), typed(req), { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), typed(req), besideField(typed(req), error.fields));
    }
  };

/** What was typed, with the choice of password that its name would hide. */
const typed = (req: Request): Typed => ({
  ...typedAgain(joinGroups(req.body ?? {})),
  password_by: req.body?.password_by || 'single_use',
});

/** The form has two fields for a password: the message stands beside the one that was chosen. */
function besideField(typed: Typed, { password, ...errors }: Record<string, string>): Record<string, string> {
  if (!password) return errors;
  return { ...errors, [typed.password_by === 'now' ? 'password' : 'single_use_password']: password };
}

/** Whichever of the two passwords the form chose; an empty single-use one is generated, as with the field untouched. */
function newUser({
  passwordBy,
  singleUsePassword,
  password,
  passwordConfirmation,
  ...fields
}: z.output<z.ZodObject<typeof shape>>): NewUser {
  if (passwordBy === 'single_use')
    return { ...fields, access: { by: 'single_use', password: singleUsePassword || password || generatePassword() } };
  assertSame({ password, passwordConfirmation });
  return { ...fields, access: { by: 'now', password } };
}

async function form(req: Request, res: Response, values: Typed, errors: Record<string, string> = {}): Promise<void> {
  const places = await readPlaces(dbOf(req));
  const { accountNote } = await readSettings(dbOf(req));
  await page(req, res, 'users/add', {
    title: 'Add User',
    section: 'users',
    values,
    errors,
    places,
    accountNote,
    ...formChoices,
    ...(await groupChoices(dbOf(req))),
    generated: generatePassword(),
  });
}
