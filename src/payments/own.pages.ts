import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { idempotencyKey, idOrNull, tick } from '../ground/fields.ts';
import { tariffVersion } from '../tariffs/fields.ts';
import { lastingOf, sayPrice, sayThings } from '../tariffs/shown.ts';
import { findTariffOf } from '../tariffs/tariff.ts';
import { findUser } from '../users/user.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { moneyFor } from '../web/figures.ts';
import { readForm, type Typed, typedAgain } from '../web/form.ts';
import { pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { momentOf } from '../web/time.ts';
import { nextKey, nextPeriod } from './next.ts';
import { ownTariffs } from './own.ts';
import { payTariff, Short } from './pay.ts';
import { chooseRenewal } from './renewal.ts';

/** What is offered to the subject, what it has of it, and how long its balance lasts. */
export const showOwnTariffs = async (req: Request, res: Response) => {
  const user = await subject(req);
  const tariffs = await ownTariffs(dbOf(req), user);
  await page(req, res, 'payments/tariffs', {
    title: 'My Account / Tariffs',
    section: 'my-tariffs',
    user,
    tariffs,
    lasting: lastingOf(
      user,
      tariffs.flatMap(({ has }) => has ?? []),
    ),
    mayPay: can(actorOf(req), 'pay tariffs'),
    ...drawn(req),
  });
};

/** Asks once more: which period, what it costs, and what is left. */
export const showPay = (req: Request, res: Response) => form(req, res);

export const postPay = async (req: Request, res: Response) => {
  try {
    const { username, tariff } = await chosen(req);
    const values = readForm(req.body, { version: tariffVersion, renews: tick, idempotencyKey });
    const { endsAt } = await payTariff(dbOf(req), actorOf(req), { username, tariffId: tariff.id, ...values });
    const left = moneyFor(req)((await subject(req)).balanceMinor);
    await done(req, res, '/my/tariffs', `${tariff.name} is paid until ${momentOf(req)(endsAt)}. The balance is ${left}.`);
  } catch (error) {
    if (error instanceof Short) return form(req, res.status(409), typedAgain(req.body));
    if (error instanceof Refused) return form(req, res.status(409), typedAgain(req.body), { '': error.message });
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), typedAgain(req.body), error.fields);
  }
};

/** Turns a renewal on or off, and goes back to where it was pressed. */
export const postRenewal = async (req: Request, res: Response) => {
  const { username, tariff } = await chosen(req);
  const { renews } = readForm(req.body, { renews: tick });
  await chooseRenewal(dbOf(req), actorOf(req), { username, tariffId: tariff.id, renews });
  const says = renews ? 'renews itself from now on.' : 'does not renew itself any more. What is paid runs to its end.';
  const back = /^\/my\/payments(\?|$)/.test(pageBefore(req, '/my/tariffs')) ? '/my/payments' : '/my/tariffs';
  await done(req, res, back, `${tariff.name} ${says}`);
};

/** What is shown is how things are now, also after a refusal; only the choice to renew is kept as it was made. */
async function form(req: Request, res: Response, typed: Typed | null = null, errors: Record<string, string> = {}): Promise<void> {
  const db = dbOf(req);
  const user = await subject(req);
  const tariff = await findTariffOf(db, user, idOrNull(req.params.id));
  const own = (await ownTariffs(db, user)).find(({ id }) => id === tariff.id);
  await page(req, res, 'payments/pay', {
    title: `Pay ${tariff.name}`,
    section: 'my-tariffs',
    user,
    tariff,
    period: await nextPeriod(db, user.id, tariff),
    key: await nextKey(db, 'pay', { userId: user.id, tariffId: tariff.id }),
    renews: typed ? Boolean(typed.renews) : (own?.has?.renews ?? false),
    paidUntil: own?.has?.paidUntil ?? null,
    isOffered: own?.isOffered ?? false,
    missingMinor: Math.max(tariff.priceMinor - user.balanceMinor, 0),
    mayRefill: can(actorOf(req), 'refill balance', user),
    errors,
    ...drawn(req),
  });
}

const subject = (req: Request) => findUser(dbOf(req), subjectOf(actorOf(req)).username);

async function chosen(req: Request) {
  const user = await subject(req);
  return { username: user.username, tariff: await findTariffOf(dbOf(req), user, idOrNull(req.params.id)) };
}

function drawn(req: Request) {
  const { currency } = contextOf(req).config;
  return { currency, money: moneyFor(req), sayPrice: sayPrice(currency), sayThings };
}
