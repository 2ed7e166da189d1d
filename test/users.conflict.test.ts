import { expect } from 'chai';
import { type Name, worldPassword } from '../seeds/world.ts';
import { actsUpon } from './kit/history.ts';
import { alertOf, fieldValue, problem } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { type Mode, modes, type Page, type Visitor } from './kit/visitor.ts';

const path = '/users/uma/edit';
const clean = (text: string | undefined) => text?.replace(/\s+/g, ' ').trim();

/** The fields that are asked for, each with what the page says of its three versions. */
const asked = (page: Page) =>
  page.document.querySelectorAll('.versions').map((field) => {
    const [before, ...versions] = field.querySelectorAll('.hint, .choice').map(({ text }) => clean(text));
    return [clean(field.querySelector('legend')?.text), before, ...versions];
  });

/** The fields that one of both alone changed, and what becomes of them. */
const taken = (page: Page) =>
  page.document
    .querySelectorAll('form.card section')
    .map((part) => [clean(part.querySelector('h2')?.text), ...part.querySelectorAll('li').map(({ text }) => clean(text))]);

describe('Two people who edit a user at once', () => {
  let site: Site;
  let olga: Visitor;
  const row = (username = 'uma') => site.db('users').where({ username }).first();
  const opened = async (name: Name, mode: Mode = 'plain', at = path) => {
    const visitor = await site.visitor(name, mode);
    await visitor.get(at);
    return visitor;
  };
  /** Oscar opens the form, changes this and saves. */
  const meanwhile = async (change: Record<string, string>) =>
    expect((await (await opened('oscar')).submit(path, change)).status).to.equal(200);
  beforeEach(async () => {
    site = await openSite();
    olga = await opened('olga');
  });
  afterEach(() => site.close());

  for (const mode of modes) {
    it(`have both versions before them, field by field, and the second one chooses, as ${mode}`, async () => {
      const visitor = await opened('olga', mode);
      await meanwhile({ phone: '111 222', first_name: 'Ulla', bank: 'Same Bank', profile: 'monitor' });
      const typed = { phone: '333 444', bank: 'Same Bank', description: 'Olga’s words', profile: 'standard', unp: ' 190275311 ' };
      const page = await visitor.submit(path, typed);
      expect(page.status).to.equal(409);
      expect(alertOf(page)).to.include('oscar saved this meanwhile').and.include('each of the 2 fields');
      expect(asked(page)).to.deep.equal([
        ['Phone', 'When you began: +375 29 123-45-67', 'Saved meanwhile111 222', 'Yours333 444'],
        ['Profile', 'When you began: Customer', 'Saved meanwhileMonitor user', 'YoursStandard user'],
      ]);
      expect(taken(page)).to.deep.equal([
        ['Changed only by the other: taken over', 'First name Uma → Ulla'],
        ['Changed only by you: kept', 'Description nothing → Olga’s words'],
      ]);
      expect(await row()).to.include({ phone: '111 222', profile: 'monitor', description: '', version: 2 });
      const saved = await visitor.submit(path, { keep_phone: 'mine', keep_profile: 'theirs' });
      expect(saved.text).to.include('Uma Trucking Ltd has been saved.');
      const after = { phone: '333 444', profile: 'monitor', firstName: 'Ulla', bank: 'Same Bank', description: 'Olga’s words' };
      expect(await row()).to.include({ ...after, version: 3 });
      const changes = (await actsUpon(site, site.ids.uma)).at(-1)?.changes;
      expect(changes).to.deep.equal({ phone: ['111 222', '333 444'], description: [null, 'Olga’s words'] });
    });
  }

  it('lose nothing when nobody changed what the other did: both stay, without a question', async () => {
    await meanwhile({ phone: '111 222' });
    const page = await olga.submit(path, { bank: 'Nordea' });
    expect([page.status, asked(page)]).to.deep.equal([409, []]);
    expect(alertOf(page)).to.include('save again, and both versions stay');
    await olga.submit(path);
    expect(await row()).to.include({ phone: '111 222', bank: 'Nordea' });
  });

  it('are told even when nothing differs', async () => {
    await site.db('users').where({ id: site.ids.uma }).increment('version', 1);
    const page = await olga.submit(path);
    expect([page.status, asked(page), taken(page)]).to.deep.equal([409, [], []]);
    expect((await olga.submit(path)).status).to.equal(200);
  });

  it('choose for every field: while one is open nothing is written, and what was chosen stays', async () => {
    await meanwhile({ phone: '111 222', bank: 'Theirs' });
    await olga.submit(path, { phone: '333 444', bank: 'Mine' });
    const page = await olga.submit(path, { keep_phone: 'mine' });
    expect(page.status).to.equal(409);
    expect(problem(page, 'keep_bank')).to.equal('Bank: choose one of the two.');
    expect(problem(page, 'keep_phone')).to.equal('');
    expect(page.document.querySelector('input[name=keep_phone][checked]')?.getAttribute('value')).to.equal('mine');
    expect(await row()).to.include({ version: 2, bank: 'Theirs' });
    for (const neither of ['both', '', '__proto__']) {
      const again = await olga.submit(path, { keep_bank: neither });
      expect(problem(again, 'keep_bank'), neither).to.include('choose');
    }
    await olga.submit(path, { keep_bank: 'theirs' });
    expect(await row()).to.include({ version: 3, bank: 'Theirs', phone: '333 444' });
  });

  it('are checked against the newest version again, however often that changes', async () => {
    await meanwhile({ phone: '111 222', bank: 'Theirs', first_name: 'Ulla' });
    await olga.submit(path, { phone: '333 444', bank: 'Mine' });
    await meanwhile({ phone: '555 666', bank: 'Theirs again', first_name: 'Ursula', unp: '7' });
    const page = await olga.submit(path, { keep_phone: 'mine', keep_bank: 'theirs' });
    expect(page.status).to.equal(409);
    expect(asked(page).map(([label, , theirs]) => [label, theirs])).to.deep.equal([['Phone', 'Saved meanwhile555 666']]);
    expect(taken(page)).to.deep.equal([
      [
        'Changed only by the other: taken over',
        'First name Uma → Ursula',
        'UNP 190275311 → 7',
        'Bank Belagroprombank → Theirs again',
      ],
    ]);
    await olga.submit(path, { keep_phone: 'mine' });
    expect(await row()).to.include({ phone: '333 444', bank: 'Theirs again', firstName: 'Ursula', unp: '7', version: 4 });
  });

  it('may go on editing with what has been chosen so far, and are still told of a newer version', async () => {
    await meanwhile({ phone: '111 222', bank: 'Theirs', first_name: 'Ulla' });
    await olga.submit(path, { phone: '333 444', bank: 'Mine' });
    const page = await olga.submit(path, { again: 'on', keep_phone: 'theirs' });
    expect([page.status, asked(page)]).to.deep.equal([200, []]);
    expect(['phone', 'bank', 'first_name'].map((name) => fieldValue(page, name))).to.deep.equal(['111 222', 'Mine', 'Ulla']);
    await olga.submit(path, { phone: '777 888' });
    expect(await row()).to.include({ phone: '777 888', bank: 'Mine', firstName: 'Ulla', version: 3 });

    await olga.get(path);
    await meanwhile({ phone: '1' + '11' });
    await olga.submit(path, { phone: '222' });
    await meanwhile({ phone: '3' + '33' });
    expect((await olga.submit(path, { again: 'on', keep_phone: 'mine' })).status).to.equal(409);
    expect((await row()).phone).to.equal('333');
  });

  it('keep the choices when something else has to be mended', async () => {
    await meanwhile({ phone: '111 222' });
    await olga.submit(path, { phone: '333 444', email: 'stan@world.example', bank: 'Nordea' });
    const page = await olga.submit(path, { keep_phone: 'theirs' });
    expect(page.status).to.equal(422);
    expect(problem(page, 'email')).to.include('Another user has this');
    expect([fieldValue(page, 'phone'), fieldValue(page, 'bank')]).to.deep.equal(['111 222', 'Nordea']);
    await olga.submit(path, { email: 'uma@new.example' });
    expect(await row()).to.include({ phone: '111 222', bank: 'Nordea', email: 'uma@new.example' });
  });

  it('treat a switch like any other field', async () => {
    await meanwhile({ expires_at: '2030-01-01' });
    await site.db('users').where({ id: site.ids.uma }).update({ emailVerifiedAt: null, version: 3 });
    const page = await olga.submit(path, { expires_at: '2031-01-01' });
    expect(taken(page)).to.deep.equal([['Changed only by the other: taken over', 'Email verified yes → no']]);
    await olga.submit(path, { keep_expires_at: 'mine' });
    expect(await row()).to.include({ emailVerifiedAt: null, version: 4 });
    expect((await row()).expiresAt.toISOString()).to.match(/^2031-01-01/);
  });

  it('are asked for everything that differs when the form does not say what was before', async () => {
    const oscar = await opened('oscar');
    await oscar.submit(path, { phone: '111 222' });
    for (const before of ['', 'null', '[]', '7', '{"phone":{"a":1}}', '{', '{"__proto__":{"phone":"x"}}', 'x'.repeat(20_000)]) {
      const page = await olga.post(path, { ...(await fields()), before, version: '1', phone: '333 444' });
      expect([page.status, asked(page).map(([label, was]) => [label, was])], before).to.deep.equal([
        409,
        [['Phone', 'What it was before is not known.']],
      ]);
    }
  });

  it('cannot write by a forged copy of what was before, nor run anything in it', async () => {
    await meanwhile({ phone: '111 222' });
    const forged = {
      phone: '111 222',
      profile: 'administrator',
      state: 'x',
      bank: '<script>alert(1)</script>',
      email_verified: false,
    };
    const sent = { ...(await fields()), before: JSON.stringify(forged), version: '1', phone: '333 444', bank: 'Mine' };
    const page = await olga.post(path, sent);
    expect(page.html).to.not.include('<script>alert');
    const keep = {
      keep_profile: 'theirs',
      keep_email_verified: 'theirs',
      keep_bank: 'mine',
      keep_phone: 'theirs',
      keep_state: 'theirs',
    };
    const saved = await olga.post(path, { ...sent, ...keep, version: '2', deciding: 'on', _csrf: olga.token() });
    expect(saved.status).to.equal(200);
    expect(await row()).to.include({ profile: 'customer', state: 'STATE_APPROVED', bank: 'Mine', phone: '111 222' });
    expect((await row()).emailVerifiedAt).to.be.instanceOf(Date);
  });

  it('prove who they are where the choice needs it', async () => {
    const tooLongAgo = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    await meanwhile({ phone: '111 222' });
    await tooLongAgo();
    const typed = { phone: '333 444', profile: 'administrator' };
    expect(problem(await olga.submit(path, typed), 'your_password')).to.include('needed here');
    expect((await olga.submit(path, { your_password: worldPassword })).status).to.equal(409);
    await tooLongAgo();
    const page = await olga.submit(path, { keep_phone: 'mine' });
    expect([page.status, fieldValue(page, 'phone')]).to.deep.equal([422, '333 444']);
    expect((await row()).profile).to.equal('customer');
    await olga.submit(path, { your_password: worldPassword });
    expect(await row()).to.include(typed);
  });

  it('find the user deleted when it was', async () => {
    await meanwhile({ phone: '111 222' });
    await olga.submit(path, { phone: '333 444' });
    await site
      .db('users')
      .where({ id: site.ids.uma })
      .update({ deletedAt: site.db.raw('now()') });
    expect((await olga.submit(path, { keep_phone: 'mine' })).status).to.equal(404);
    expect((await row()).phone).to.equal('111 222');
  });

  /** What the form holds when nobody touched it, as a program without the page would send it. */
  async function fields(): Promise<Record<string, string>> {
    const user = await row();
    const plain = { email: user.email, name: user.name, first_name: user.firstName, last_name: user.lastName, unp: user.unp };
    const more = {
      organization: user.organization,
      phone: user.phone,
      user_type: user.userType,
      preferred_map: user.preferredMap,
    };
    const rest = { legal_address: user.legalAddress, bank: user.bank, bank_account: user.bankAccount, profile: user.profile };
    return { _csrf: olga.token(), ...plain, ...more, ...rest, email_verified: 'on' };
  }
});
