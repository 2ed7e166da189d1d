import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { dayIn } from '../balance/period.ts';
import { idOrNull } from '../ground/fields.ts';
import { presentTariffs } from '../tariffs/present.ts';
import { lastingOf } from '../tariffs/shown.ts';
import { tariffChoices } from '../tariffs/tariff.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { moneyFor } from '../web/figures.ts';
import { page } from '../web/page.ts';
import { addressWith, pagerOf, readSpan, type Turn } from '../web/pager.ts';
import { listPayments, type PaymentFilter, type PaymentLine, paymentOrder } from './list.ts';

const stageNames: Record<PaymentLine['stage'], string> = {
  running: 'Running',
  coming: 'To come',
  over: 'Over',
  cancelled: 'Cancelled',
};

/** What all users have paid, the newest first. */
export const showPayments = async (req: Request, res: Response) => {
  const locals = await listLocals(req, '/payments', readFilter(req.query));
  await page(req, res, 'payments/list', { title: 'Payments', section: 'payments', ...locals });
};

/** What the subject has paid, and what renews itself. */
export const showOwnPayments = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const user = await findUser(dbOf(req), subjectOf(actor).username);
  const present = await presentTariffs(dbOf(req), user.id);
  const locals = await listLocals(req, '/my/payments', { ...readFilter(req.query), username: null, userId: user.id });
  await page(req, res, 'payments/own', {
    title: 'My Account / Payments',
    section: 'my-payments',
    user,
    present,
    lasting: lastingOf(user, present),
    mayPay: can(actor, 'pay tariffs'),
    ...locals,
  });
};

async function listLocals(req: Request, path: string, filter: PaymentFilter) {
  const { limit, ...cursors } = readSpan(req.query, paymentOrder);
  const list = await listPayments(dbOf(req), { filter, limit, ...cursors });
  return {
    path,
    filter,
    isFiltered: Object.entries(filter).some(([name, value]) => name !== 'userId' && Boolean(value)),
    rows: list.rows,
    pager: pagerOf(list, { to: (turn) => addressOf(path, filter, { limit, ...turn }), limit, noun: ['payment', 'payments'] }),
    tariffChoices: await tariffChoices(dbOf(req), filter.userId ?? null),
    stageNames,
    money: moneyFor(req),
  };
}

function readFilter({ user, tariff, stage, from, to }: Request['query']): PaymentFilter {
  return {
    username: typeof user === 'string' ? user.replaceAll('\0', '').trim().slice(0, 36) || null : null,
    tariffId: idOrNull(tariff),
    stage: typeof stage === 'string' && Object.hasOwn(stageNames, stage) ? (stage as PaymentLine['stage']) : null,
    from: dayIn(from),
    to: dayIn(to),
  };
}

const addressOf = (path: string, { username, tariffId, stage, from, to }: PaymentFilter, turn: Turn): string =>
  addressWith(path, { user: username, tariff: tariffId, stage, from, to }, turn);
