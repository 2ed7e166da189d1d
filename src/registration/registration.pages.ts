import type { Request, Response } from 'express';
import { Forbidden, Invalid, Refused } from '../ground/errors.ts';
import { atLeast } from '../ground/even.ts';
import { assertSame, newPasswordFields } from '../ground/fields.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { formChoices } from '../users/choices.ts';
import { personFields, userFields } from '../users/fields.ts';
import { dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { page } from '../web/page.ts';
import { signUpListed } from './listed.ts';
import { register } from './registration.ts';

const shape = {
  username: userFields.username,
  ...newPasswordFields,
  ...personFields,
};

/** Longer than any of the ways takes on which no password is hashed. */
const leastMs = 300;

export const showRegister = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  await form(req, res);
};

/** Registers in the mode that registration is in; what the next page says is the same whatever became of it. */
export const postRegister = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/');
  const { registration } = await readSettings(dbOf(req));
  try {
    await enter[registration](req);
    res.redirect(303, '/register/done');
  } catch (error) {
    if (error instanceof Refused) return form(req, res.status(409), { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), error.fields);
  }
};

const enter: Record<Settings['registration'], (req: Request) => Promise<void>> = {
  closed: closed('Registration is closed. Ask an administrator for an account.'),
  invitation: closed('Registration needs an invitation. Ask an administrator for one.'),
  listed: async (req) => {
    const { email } = readForm(req.body, { email: personFields.email });
    await atLeast(leastMs, () => signUpListed(dbOf(req), fromOf(req), email));
  },
  open: async (req) => {
    const { passwordConfirmation, ...fields } = readForm(req.body, shape);
    assertSame({ password: fields.password, passwordConfirmation });
    await register(dbOf(req), fromOf(req), fields);
  },
};

function closed(says: string) {
  return async () => {
    throw new Forbidden(says);
  };
}

const fromOf = (req: Request) => ({ address: req.ip ?? '', requestId: req.requestId });

/** What happens next, in the words of the settings: nothing here knows who has registered. */
export const showRegistered = async (req: Request, res: Response) => {
  if (req.actor) return res.redirect(303, '/account');
  const { registration, approval, outgoingMail } = await readSettings(dbOf(req));
  const title = outgoingMail ? 'Check your mail' : 'Thank you';
  await page(req, res, 'registration/done', { title, isListed: registration === 'listed', approval, outgoingMail });
};

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const { registration, approval, outgoingMail } = await readSettings(dbOf(req));
  const values = { user_type: 'individual', ...typedAgain(req.body) };
  const locals = { title: 'Sign Up', values, errors, approval, outgoingMail, ...formChoices };
  await page(req, res, `registration/${registration}`, locals);
}
