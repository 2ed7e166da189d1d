import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { cancelTransaction } from '../src/balance/cancel.ts';
import { refillBalance } from '../src/balance/refill.ts';
import { actorFor } from './kit/actor.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { post } from './kit/money.ts';
import { groupOf, save } from './kit/settings.ts';
import { siteForEach } from './kit/site.ts';

describe('What a user is told of its balance', () => {
  const { site } = siteForEach();
  let olga: Actor;
  beforeEach(async () => {
    olga = await actorFor(site.db, 'olga');
    await turnMailOn(site);
  });

  const refill = async (amountMinor: number, username: Name = 'uma', idempotencyKey: string = randomUUID()) =>
    (await refillBalance(site.db, olga, { username, amountMinor, note: 'Cash', reference: 'R-7', idempotencyKey })).transaction;
  const pay = (amountMinor: number) => post(site.db, 'uma', { kind: 'payment', amountMinor: -amountMinor });
  const cancel = (transactionId: number) => cancelTransaction(site.db, olga, { username: 'uma', transactionId });
  const kinds = async (name: Name = 'uma') => (await lettersTo(site, name)).map(({ kind }) => kind);
  const lows = async () => (await kinds()).filter((kind) => kind === 'balance-low').length;
  const lowBelow = (lowBalance: number) => site.db('settings').update({ lowBalance });

  it('is a receipt of each refill, once however often its form is sent', async () => {
    const key = randomUUID();
    const { id } = await refill(12_050, 'uma', key);
    await refill(12_050, 'uma', key);
    const [letter, ...more] = await lettersTo(site, 'uma');
    expect(more).to.deep.equal([]);
    expect(letter).to.deep.include({
      kind: 'balance-refilled',
      data: { amount: '€120.50', balance: '€120.50', note: 'Cash', reference: 'R-7', number: String(id) },
    });
  });

  it('is that a transaction was cancelled, and what the balance is again', async () => {
    const { id } = await refill(500);
    await cancel(id);
    await cancel(id);
    const letters = await lettersTo(site, 'uma');
    expect(letters.map(({ kind }) => kind)).to.deep.equal(['balance-refilled', 'balance-cancelled']);
    expect(letters[1]?.data).to.deep.equal({ what: 'refill', amount: '€5.00', number: String(id), balance: '€0.00' });
  });

  it('is nothing where the profile sees no money, the refill is refused, or the user has turned it off', async () => {
    await refill(500, 'stan');
    expect(await kinds('stan')).to.deep.equal([]);
    await refill(-5).catch(() => {});
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: ['money'] });
    await refill(500);
    expect(await kinds()).to.deep.equal([]);
  });

  it('is in the currency of the console', async () => {
    await site.db('settings').update({ currency: 'KWD', lowBalance: 1 });
    await refill(1_500);
    await pay(600);
    const [receipt, low] = await lettersTo(site, 'uma');
    expect(receipt?.data.amount).to.match(/^KWD\s1\.500$/);
    expect(low?.data).to.deep.equal({ balance: 'KWD\u00a00.900', below: 'KWD\u00a01.000' });
  });

  it('is once that the balance is low, and again only after it was above', async () => {
    await lowBelow(10);
    await refill(1_500);
    await pay(400);
    expect(await lows(), '€11.00').to.equal(0);
    await pay(200);
    expect((await lettersTo(site, 'uma')).at(-1)?.data).to.deep.equal({ balance: '€9.00', below: '€10.00' });
    await pay(100);
    await refill(50);
    await pay(50);
    expect(await lows(), 'below all the time').to.equal(1);
    await refill(201);
    await pay(1);
    expect(await lows(), '€10.00 is not below').to.equal(1);
    await pay(1);
    expect(await lows()).to.equal(2);
  });

  it('is so for a cancelled refill too, and in the list of those whose balance is low', async () => {
    await lowBelow(10);
    await refill(800);
    const { id } = await refill(500);
    expect(await lows()).to.equal(0);
    await cancel(id);
    expect(await lows()).to.equal(1);
    const visitor = await site.visitor('olga');
    const page = await visitor.get('/users?balance=low');
    expect(page.document.querySelectorAll('table.list > tbody').map((row) => row.id)).to.deep.equal(['user-uma']);
    await refill(500);
    expect((await visitor.get('/users?balance=low')).text).to.include('No user matches');
  });

  it('is not that a balance is low which was never more, nor of a user whom nothing has been taken from', async () => {
    await lowBelow(10);
    await refill(500);
    expect(await lows()).to.equal(0);
    await pay(100);
    expect(await lows(), 'it has become less').to.equal(1);
  });

  it('is told by another limit when the setting changes', async () => {
    await lowBelow(10);
    await refill(2_000);
    await pay(1_200);
    await lowBelow(5);
    await pay(100);
    expect(await lows(), '€7.00').to.equal(1);
    await pay(300);
    expect(await lows(), '€4.00').to.equal(2);
  });

  it('is noted while outgoing mail is off, when nobody can be written to', async () => {
    await site.db('settings').update({ outgoingMail: false, lowBalance: 10 });
    await refill(1_500);
    await pay(1_000);
    expect(await kinds()).to.deep.equal([]);
    expect((await site.db('users').where({ username: 'uma' }).first()).balanceLowSince).to.be.instanceOf(Date);
  });

  it('can be turned off by customers, and is offered to nobody else', async () => {
    const names = async (name: Name) => {
      const visitor = await site.visitor(name);
      const page = await visitor.get('/account/mail');
      return page.document.querySelectorAll('input[role=switch]').map((box) => box.getAttribute('name'));
    };
    expect(await names('uma')).to.include.members(['money', 'low_balance']);
    for (const name of ['stan', 'olga'] as const)
      expect(await names(name))
        .to.not.include('money')
        .and.not.include('low_balance');
  });

  it('begins at the balance that the Settings page says', async () => {
    const visitor = await site.visitor('olga');
    await visitor.get('/settings');
    expect((await save(visitor, 'currency', { low_balance: '-1' })).status).to.equal(422);
    await visitor.get('/settings');
    await save(visitor, 'currency', { low_balance: '25' });
    expect((await site.db('settings').first()).lowBalance).to.equal(25);
    expect(groupOf(visitor.page, 'currency')?.text)
      .to.include('A balance is low below')
      .and.include('not yet: the worker does it');
  });
});
