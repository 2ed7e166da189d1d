import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { assertCan } from '../access/can.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { decimalsOf, readMoney } from '../ground/money.ts';
import { readSettings } from '../settings/settings.ts';
import { holderAt, type Place } from '../users/holder.pages.ts';
import { assertLive, findUser } from '../users/user.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { money } from '../web/figures.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { ownPath, pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { drawn } from './balance.pages.ts';
import { cancelTransaction } from './cancel.ts';
import { refillShape } from './fields.ts';
import { transactionOrNull } from './list.ts';
import { balancePath, cancelPathOf, idOf } from './place.pages.ts';
import { refillBalance } from './refill.ts';

type ConfirmIdentity = (req: Request) => Promise<void>;

export const showRefill = (req: Request, res: Response) => form(req, res, { idempotency_key: randomUUID() });

/** Refills the balance; above the threshold of the settings only after a fresh proof of identity. */
export const postRefill =
  (confirmIdentity: ConfirmIdentity): RequestHandler =>
  async (req, res) => {
    const { currency } = contextOf(req).config;
    try {
      const { amount: amountMinor, ...words } = readForm(req.body, refillShape(currency));
      if (await isLarge(req, amountMinor)) await confirmIdentity(req);
      const refill = { username: String(req.params.username), amountMinor, ...words };
      const { user, transaction } = await refillBalance(dbOf(req), actorOf(req), refill);
      const text = `${money(amountMinor, currency)} added to the balance of ${user.name}. It is ${money(transaction.balanceAfterMinor, currency)} now.`;
      await done(req, res, wayBack(req, balancePath('user', user)), text, { row: user.username });
    } catch (error) {
      if (error instanceof Refused) return form(req, res.status(409), typedAgain(req.body), { '': error.message });
      if (!(error instanceof Invalid)) throw error;
      await form(req, res.status(422), typedAgain(req.body), error.fields);
    }
  };

async function isLarge(req: Request, amountMinor: number): Promise<boolean> {
  const { refillConfirmAbove } = await readSettings(dbOf(req));
  return amountMinor > refillConfirmAbove * 10 ** decimalsOf(contextOf(req).config.currency);
}

/** Back to the list, or to the balance from which it was asked. */
function wayBack(req: Request, otherwise: string): string {
  const before = pageBefore(req, otherwise);
  const isOne = /^\/(users|my\/balance)(\/[\w-]+(\/balance)?)?(\?|$)/.test(before) && !/\/refill/.test(before);
  return ownPath(req, req.body?.return_to ?? req.query.return_to, isOne ? before : otherwise);
}

async function form(req: Request, res: Response, values: Typed, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  assertCan(actorOf(req), 'refill balance', user);
  assertLive(user);
  const typed = readMoney(String(values.amount ?? ''), contextOf(req).config.currency);
  await page(req, res, 'balance/refill', {
    title: `Refill Balance of ${user.name}`,
    section: 'users',
    ...drawn(req),
    user,
    values: { ...values, idempotency_key: values.idempotency_key || randomUUID() },
    errors,
    returnTo: wayBack(req, balancePath('user', user)),
    needsProof: typed !== null && (await isLarge(req, typed)),
  });
}

/** Asks whether the transaction that was seen as the last shall be taken back. */
export const showCancel = (place: Place) => async (req: Request, res: Response) => {
  const user = await holderAt(req, place);
  assertCan(actorOf(req), 'cancel transaction', user);
  const transaction = await transactionOrNull(dbOf(req), user.id, idOf(idOrNull(req.params.id)));
  const path = balancePath(place, user);
  if (!transaction || transaction.kind === 'cancellation') return res.redirect(303, path);
  const locals = { ...drawn(req), user, transaction, path, cancelPath: cancelPathOf(place, user) };
  await page(req, res, 'balance/cancel', { title: 'Cancel the last transaction', section: 'users', ...locals });
};

/** Takes back the transaction of the address, which must still be the last one. */
export const postCancel = (place: Place) => async (req: Request, res: Response) => {
  const { username } = await holderAt(req, place);
  const transactionId = idOf(idOrNull(req.params.id));
  const { user, transaction } = await cancelTransaction(dbOf(req), actorOf(req), { username, transactionId });
  const { currency } = contextOf(req).config;
  const text = `Cancelled. The balance of ${user.name} is ${money(transaction.balanceAfterMinor, currency)} again.`;
  await done(req, res, balancePath(place, user), text);
};
