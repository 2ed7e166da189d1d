import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { codeField } from '../ground/fields.ts';
import { seal } from '../ground/secrets.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { removeApp, setUpApp } from './app.ts';
import { newSecret, openSealed, setupOf } from './authenticator.ts';
import { showCodesOnce } from './codes.pages.ts';
import { codesMade } from './recovery.ts';
import { readSecondFactor } from './twofactor.ts';

/** What is set up as second factor, and what can be done about it. */
export const showTwoFactor = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const factor = await readSecondFactor(dbOf(req), actor.id);
  const isMissing = actor.needsSecondFactor;
  const locals = { factor, codesMade, isMissing, section: 'account', tab: 'two-factor' };
  await page(req, res, 'twofactor/show', { title: isMissing ? 'Set up a second factor' : 'Two-factor', ...locals });
};

type Parts = { confirmIdentity(req: Request): Promise<void> };

/** The pages of the authenticator app; each act needs a fresh proof of identity. */
export function appPages({ confirmIdentity }: Parts) {
  /** The secret is shown to nobody who has not just proved who it is. */
  const showSetUp = async (req: Request, res: Response) => {
    if (!actorOf(req).isConfirmed) return res.redirect(303, `/confirm?next=${encodeURIComponent('/account/two-factor/app')}`);
    await setUpForm(req, res, newSecret());
  };

  const postSetUp = async (req: Request, res: Response) => {
    const secret = carriedSecret(req);
    try {
      const { code } = readForm(req.body, { code: codeField });
      await confirmIdentity(req);
      const codes = await setUpApp(dbOf(req), actorOf(req), { secret, code, secrets: contextOf(req).secrets });
      if (codes) return await showCodesOnce(req, res, codes, 'Two-factor is on. Every other session has been ended.');
      await done(req, res, '/account/two-factor', 'The authenticator app has been set up.');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await setUpForm(req, res.status(422), secret, error.fields);
    }
  };

  const showRemove = (req: Request, res: Response) => removeForm(req, res);

  const postRemove = async (req: Request, res: Response) => {
    try {
      await confirmIdentity(req);
      await removeApp(dbOf(req), actorOf(req));
      const { since } = await readSecondFactor(dbOf(req), actorOf(req).id);
      await done(req, res, '/account/two-factor', since ? 'The authenticator app has been removed.' : 'Two-factor is off.');
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await removeForm(req, res.status(422), error.fields);
    }
  };

  return { showSetUp, postSetUp, showRemove, postRemove };
}

/** Until its first code has come, the secret of a new app stands sealed in the form and nowhere else. */
function setUpForm(req: Request, res: Response, secret: string, errors: Record<string, string> = {}): Promise<void> {
  const { config, secrets } = contextOf(req);
  const { id, username } = actorOf(req);
  return page(req, res, 'twofactor/app', {
    title: 'Set up an authenticator app',
    section: 'account',
    ...setupOf(secret, { username, host: new URL(config.baseUrl).host }),
    secret,
    sealed: seal(secrets[0], JSON.stringify({ app: secret, of: id })),
    errors,
  });
}

/** The secret that the form has brought back. Throws Refused for what was never given to this user. */
function carriedSecret(req: Request): string {
  const opened = openSealed(contextOf(req).secrets, String(req.body?.sealed ?? ''));
  const { app, of } = opened?.startsWith('{') ? JSON.parse(opened) : {};
  if (typeof app === 'string' && of === actorOf(req).id) return app;
  throw new Refused('This page is too old. Open it again and scan the new picture.');
}

async function removeForm(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const { appSince, passkeys } = await readSecondFactor(dbOf(req), actorOf(req).id);
  if (!appSince) throw new Refused('There is no authenticator app to remove.');
  const title = passkeys > 0 ? 'Remove the authenticator app' : 'Turn off two-factor';
  await page(req, res, 'twofactor/remove', { title, section: 'account', errors, passkeys });
}
