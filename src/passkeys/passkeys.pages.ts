import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { describeAgent } from '../sessions/agent.ts';
import { showCodesOnce } from '../twofactor/codes.pages.ts';
import { readSecondFactor } from '../twofactor/twofactor.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { answerTo } from './ask.pages.ts';
import { creationOptions, type StoredKey, verifyCreated } from './ceremony.ts';
import { giveChallenge, takeChallenge } from './challenges.ts';
import { challengeIn, credentialField, readCreated } from './credential.ts';
import { partyOf, whyNoPasskeys } from './party.pages.ts';
import { addPasskey, findOwnPasskey, listPasskeys, passkeyName, removePasskey, renamePasskey } from './passkeys.ts';

const path = '/account/passkeys';

export const showPasskeys = async (req: Request, res: Response) => {
  const passkeys = await listPasskeys(dbOf(req), actorOf(req).id);
  const locals = { passkeys, instead: whyNoPasskeys(req), section: 'account', tab: 'passkeys' };
  await page(req, res, 'passkeys/list', { title: 'Passkeys', ...locals });
};

/** A passkey is made for nobody who has not just proved who it is. */
export const showNew = async (req: Request, res: Response) => {
  if (!actorOf(req).isConfirmed) return res.redirect(303, confirmFirst);
  await newForm(req, res, { name: describeAgent(req.get('user-agent') ?? '') });
};

export const postNew = async (req: Request, res: Response) => {
  if (!actorOf(req).isConfirmed) return res.redirect(303, confirmFirst);
  try {
    const typed = readForm(req.body, { name: passkeyName, passkey: credentialField });
    const codes = await addPasskey(dbOf(req), actorOf(req), await createdIn(req, typed.passkey), typed.name);
    const text = `The passkey “${typed.name}” has been added.`;
    if (codes) return await showCodesOnce(req, res, codes, `${text} Two-factor is on; every other session has been ended.`);
    await done(req, res, path, text);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await newForm(req, res.status(422), typedAgain(req.body), error.fields);
  }
};

const confirmFirst = `/confirm?next=${encodeURIComponent(`${path}/new`)}`;

/** Asks the browser to make a passkey. */
export const postNewChallenge = answerTo(async (req) => {
  const actor = actorOf(req);
  if (!actor.isConfirmed) throw new Refused('It is more than ten minutes ago that you confirmed it is you. Reload the page.');
  const held = await listPasskeys(dbOf(req), actor.id);
  const challenge = await giveChallenge(dbOf(req), { purpose: 'add', sid: req.sessionID });
  return creationOptions(partyOf(req), actor, held, challenge);
});

/** The key of the passkey that this browser has made upon our challenge. Throws Invalid when it has made none. */
async function createdIn(req: Request, credential: string): Promise<StoredKey> {
  const created = readCreated(credential);
  const challenge = created ? challengeIn(created) : '';
  const isOurs = created && (await takeChallenge(dbOf(req), { purpose: 'add', sid: req.sessionID }, challenge));
  const key = isOurs ? await verifyCreated(partyOf(req), created, challenge) : null;
  if (!key)
    throw new Invalid({
      '': credential ? 'That did not work, or took too long. Try again.' : 'Press “Create the passkey”; it needs JavaScript.',
    });
  return key;
}

function newForm(req: Request, res: Response, values: object, errors: Record<string, string> = {}): Promise<void> {
  const locals = { values, errors, instead: whyNoPasskeys(req), section: 'account' };
  return page(req, res, 'passkeys/new', { title: 'Add a passkey', ...locals });
}

type Parts = { confirmIdentity(req: Request): Promise<void> };

/** The page on which a passkey is taken away, which needs a fresh proof of identity. */
export function removalPages({ confirmIdentity }: Parts) {
  const showRemove = (req: Request, res: Response) => removeForm(req, res);

  const postRemove = async (req: Request, res: Response) => {
    try {
      await confirmIdentity(req);
      const passkey = await removePasskey(dbOf(req), actorOf(req), idOrNull(req.params.id));
      await done(req, res, path, `The passkey “${passkey.name}” has been removed.`);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await removeForm(req, res.status(422), error.fields);
    }
  };

  return { showRemove, postRemove };
}

export const showPasskey = (req: Request, res: Response) => renameForm(req, res);

export const postPasskey = async (req: Request, res: Response) => {
  try {
    const typed = readForm(req.body, { name: passkeyName });
    await renamePasskey(dbOf(req), actorOf(req), idOrNull(req.params.id), typed.name);
    await done(req, res, path, `The passkey is called “${typed.name}” now.`);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await renameForm(req, res.status(422), error.fields, typedAgain(req.body));
  }
};

async function renameForm(req: Request, res: Response, errors: Record<string, string> = {}, values?: object): Promise<void> {
  const passkey = await findOwnPasskey(dbOf(req), actorOf(req), idOrNull(req.params.id));
  const locals = { passkey, values: values ?? passkey, errors, section: 'account' };
  await page(req, res, 'passkeys/rename', { title: 'Rename the passkey', ...locals });
}

async function removeForm(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const actor = actorOf(req);
  const passkey = await findOwnPasskey(dbOf(req), actor, idOrNull(req.params.id));
  const { appSince, passkeys } = await readSecondFactor(dbOf(req), actor.id);
  const locals = { passkey, isLast: !appSince && passkeys === 1, errors, section: 'account' };
  await page(req, res, 'passkeys/remove', { title: `Remove the passkey ${passkey.name}`, ...locals });
}
