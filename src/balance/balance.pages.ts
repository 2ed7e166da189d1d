import type { Request, Response } from 'express';
import { NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { presentTariffs } from '../tariffs/present.ts';
import { lastingOf } from '../tariffs/shown.ts';
import { holderAt, type Place } from '../users/holder.pages.ts';
import { headLocals } from '../users/show.pages.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { moneyFor } from '../web/figures.ts';
import { page } from '../web/page.ts';
import { addressWith, pagerOf, readCursors, type Turn } from '../web/pager.ts';
import { zoneOf } from '../web/time.ts';
import { lastTransactionOrNull } from './cancel.ts';
import { listTransactions, seqOrder, type TransactionFilter, transactionOrNull } from './list.ts';
import { dayIn } from './period.ts';
import { balancePath, cancelPathOf, idOf, mayWith } from './place.pages.ts';

const pageSize = 25;

export const kindWords = { refill: 'Refill', payment: 'Payment', cancellation: 'Cancellation' } as const;

/** The balance of a user with its transactions, the newest first; the last one can be taken back. */
export const showBalance = (place: Place) => async (req: Request, res: Response) => {
  const db = dbOf(req);
  const user = await holderAt(req, place);
  const filter = readFilter(req);
  const path = balancePath(place, user);
  const list = await listTransactions(db, user.id, { filter, limit: pageSize, ...readCursors(req.query, seqOrder) });
  const may = mayWith(req, user);
  const present = await presentTariffs(db, user.id);
  const last = may.cancel ? await lastTransactionOrNull(db, user.id) : null;
  await page(req, res, place === 'my' ? 'balance/own' : 'balance/user', {
    title: place === 'my' ? 'My Account / Balance' : `Balance of ${user.name}`,
    ...(place === 'my' ? { section: 'my-balance', user } : headLocals(req, user, 'balance')),
    ...drawn(req),
    path,
    statementHref: `${path}/statement`,
    cancelPath: cancelPathOf(place, user),
    filter,
    rows: list.rows,
    pager: pagerOf(list, { to: (turn) => addressOf(path, filter, turn) }),
    switchHref: addressOf(path, { ...filter, showsCancelled: !filter.showsCancelled }),
    isFiltered: Boolean(filter.kind || filter.from || filter.to),
    may,
    lastId: last?.id ?? null,
    present,
    lasting: lastingOf(user, present),
  });
};

/** One transaction on paper. */
export const showReceipt = (place: Place) => async (req: Request, res: Response) => {
  const user = await holderAt(req, place);
  const id = idOf(idOrNull(req.params.id));
  const transaction = await transactionOrNull(dbOf(req), user.id, id);
  if (!transaction) throw new NotFound('There is no such transaction.');
  const title = `${kindWords[transaction.kind]} ${transaction.id}`;
  await page(req, res, 'balance/receipt', {
    title,
    section: place === 'my' ? 'my-balance' : 'users',
    ...drawn(req),
    path: balancePath(place, user),
    user,
    transaction,
  });
};

/** What every page of money is drawn with. */
export function drawn(req: Request) {
  return { money: moneyFor(req), currency: contextOf(req).config.currency, kindWords };
}

function readFilter(req: Request): TransactionFilter {
  const { cancelled, kind, from, to } = req.query;
  return {
    showsCancelled: cancelled === 'shown',
    kind: kind === 'refill' || kind === 'payment' ? kind : null,
    from: dayIn(from),
    to: dayIn(to),
    timeZone: zoneOf(req),
  };
}

const addressOf = (path: string, { showsCancelled, kind, from, to }: TransactionFilter, turn: Turn = {}): string =>
  addressWith(path, { kind, from, to, cancelled: showsCancelled ? 'shown' : '' }, turn);
