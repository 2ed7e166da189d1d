import { system } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { recordAll } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { enqueueLetters, type NewLetter } from '../mail/letters.ts';
import { reckonLasting } from '../tariffs/lasting.ts';
import { endOf } from '../tariffs/period.ts';
import { dropRenewal } from '../tariffs/renewals.ts';
import { money } from '../web/figures.ts';
import { momentIn } from '../web/time.ts';
import { type Due, triesDays } from './due.ts';

const clock = system('renewals');

type Words = Record<string, string>;
type Step = (trx: Trx, due: Due[]) => Promise<void>;

/** What is done with renewals beside paying, each for some whose users are held: noted, recorded and told in one transaction. */
export function steps(currency: string): Record<'off' | 'unfit' | 'price' | 'soon' | 'failed' | 'stale', Step> {
  const amount = (minor: number) => money(minor, currency);
  const missing = ({ balanceMinor, priceMinor }: Due) => (balanceMinor < priceMinor ? amount(priceMinor - balanceMinor) : '');
  const cost = (one: Due) => ({ price: amount(one.priceMinor), balance: amount(one.balanceMinor), missing: missing(one) });
  return {
    off: endingAs('it is not offered any more'),
    unfit: endingAs('it is not for this kind of user'),
    price: async (trx, due) => {
      for (const one of due) {
        await write(trx, one, { priceMinor: one.newPriceMinor });
        await reckonLasting(trx, one.userId);
      }
      const change = (one: Due) => ({ before: amount(one.priceMinor), price: amount(one.newPriceMinor) });
      await note(trx, 'tariff.price-told', due, change);
      await tell(trx, 'renewal-price-changed', due, (one) => ({ ...change(one), on: one.isOver ? '' : endSaid(one) }));
    },
    soon: async (trx, due) => {
      for (const one of due) await write(trx, one, { noticedFor: trx.ref('endsAt') });
      await tell(trx, 'renewal-soon', due, (one) => ({ ...cost(one), on: endSaid(one), until: nextEndSaid(one) }));
    },
    failed: async (trx, due) => {
      for (const one of due) await write(trx, one, { failedFor: trx.ref('endsAt') });
      await note(trx, 'tariff.renewal-failed', due, cost);
      await tell(trx, 'renewal-failed', due, (one) => ({ ...cost(one), on: endSaid(one), lastDay: lastDaySaid(one) }));
    },
    stale: async (trx, due) => {
      await dropAll(trx, due);
      await note(trx, 'tariff.renewal-ended', due, () => ({ reason: `not paid for ${triesDays} days` }));
    },
  };
}

const endingAs =
  (reason: string): Step =>
  async (trx, due) => {
    await dropAll(trx, due);
    await note(trx, 'tariff.renewal-ended', due, () => ({ reason }));
    // Who is no customer any more reads of no money.
    const customers = due.filter(({ profile }) => profile === 'customer');
    await tell(trx, 'renewal-ended', customers, (one) => ({ reason, until: one.isOver ? '' : endSaid(one) }));
  };

const endSaid = ({ endsAt, timeZone }: Due) => momentIn(timeZone)(endsAt);
const nextEndSaid = (one: Due) => momentIn(one.timeZone)(endOf({ ...one, nth: one.nth + 1 }));
const lastDaySaid = ({ endsAt, timeZone }: Due) => momentIn(timeZone)(new Date(endsAt.getTime() + triesDays * 86_400_000));

const write = (trx: Trx, { userId, tariffId }: Due, values: object) => trx('renewals').where({ userId, tariffId }).update(values);

async function dropAll(trx: Trx, due: Due[]): Promise<void> {
  for (const { userId, tariffId } of due) await dropRenewal(trx, { userId, tariffId });
}

const note = (trx: Trx, act: RecordedAct, due: Due[], facts: (one: Due) => Words) =>
  recordAll(
    trx,
    clock,
    act,
    due.map((one) => ({
      user: { id: one.userId, username: one.username },
      details: { facts: { name: one.tariff, ...facts(one) } },
    })),
  );

const tell = (trx: Trx, kind: NewLetter['kind'], due: Due[], data: (one: Due) => Words) =>
  enqueueLetters(
    trx,
    due.map((one) => ({ kind, user: { id: one.userId, email: one.email }, data: { tariff: one.tariff, ...data(one) } })),
  );
