import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { belongings } from '../src/belongings.ts';
import { endUnusedAccounts } from '../src/dormancy/dormancy.ts';
import { readSettings } from '../src/settings/settings.ts';
import { turnMailOn } from './kit/letters.ts';
import { fieldValue, listed, problem } from './kit/reading.ts';
import { groupOf, save } from './kit/settings.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

describe('The rule for dormant accounts on the Settings page', () => {
  let site: Site;
  let olga: Visitor;
  const says = (page: Page) => groupOf(page, 'dormancy')?.querySelector('#foreseen')?.text.replace(/\s+/g, ' ').trim();
  const links = (page: Page) =>
    groupOf(page, 'dormancy')
      ?.querySelectorAll('#foreseen a')
      .map((link) => link.getAttribute('href') ?? '') ?? [];
  const days = (warn: number, deactivate: number, remove = 0) => ({
    dormant_warn_days: String(warn),
    dormant_deactivate_days: String(deactivate),
    dormant_delete_days: String(remove),
  });
  const signedInAgo = (name: Name, ago: number) =>
    site
      .db('users')
      .where({ username: name })
      .update({ lastSignInAt: site.db.raw('now() - make_interval(days => ?)', [ago]) });
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    await site.db('users').update({ lastSignInAt: site.db.raw('now()') });
    await signedInAgo('uma', 70);
    await signedInAgo('ines', 100);
    await signedInAgo('olga', 100);
    await signedInAgo('april', 100);
    olga = await site.visitor('olga');
    await olga.get('/settings');
  });
  afterEach(() => site.close());

  it('is off at first, and leads to those who have not signed in for long', async () => {
    expect(says(olga.page)).to.include('The rule is off');
    const [href = ''] = links(olga.page);
    const page = await olga.get(href);
    expect(listed(page)).to.deep.equal(['ines']);
    const chips = page.document.querySelectorAll('.chip').map(({ text }) => text.replace(/\s+/g, ' ').trim());
    expect(chips.join(' | ')).to.include('Last sign-in: more than 90 days ago');
  });

  it('says whom it would concern before it is saved, and keeps what was typed', async () => {
    const before = await readSettings(site.db);
    const page = await save(olga, 'dormancy', { ...days(60, 90, 365), count: 'on' });
    expect(page.status).to.equal(200);
    expect(says(page))
      .to.include('Not saved yet As things are, 2 would be warned, none deactivated and none deleted within the hour.')
      .and.include(
        '1 of those to be warned have not been used for 90 days already: they are deactivated 30 days after their warning',
      );
    expect(fieldValue(page, 'dormant_warn_days')).to.equal('60');
    expect(links(page).map((href) => new URL(href, 'http://x').searchParams.get('last'))).to.deep.equal([
      '>60d',
      '>90d',
      '>365d',
    ]);
    expect(await readSettings(site.db)).to.deep.equal(before);
    const saved = await save(olga, 'dormancy', {});
    expect(saved.text).to.include('Dormant accounts: saved.');
    expect(says(saved)).to.match(/^As things are, 2 would be warned/);
  });

  it('foresees exactly what its next run then does', async () => {
    await save(olga, 'dormancy', days(0, 90, 120));
    expect(says(await olga.get('/settings'))).to.include('none would be warned, 1 deactivated and none deleted');
    await endUnusedAccounts(site.db, belongings);
    expect(await site.db('users').where({ state: 'STATE_INACTIVE' }).whereNotNull('dormantAt').pluck('username')).to.deep.equal([
      'ines',
    ]);
    expect(says(await olga.get('/settings'))).to.include('none would be warned, none deactivated and none deleted');
  });

  it('counts no further than a thousand', async () => {
    await site.db.raw(
      `insert into users (username, email, name, state, registered_at)
       select 'crowd-' || n, 'crowd-' || n || '@crowd.example', 'Crowd', 'STATE_APPROVED', '2020-01-01' from generate_series(1, 1200) n`,
    );
    const page = await save(olga, 'dormancy', { ...days(60, 90), count: 'on' });
    expect(says(page)).to.include('more than 1,000 would be warned').and.include('more than 1,000 of those');
  });

  it('says that nobody gets a letter while outgoing mail is off', async () => {
    await site.db('settings').update({ outgoingMail: false });
    expect(says(await save(olga, 'dormancy', days(60, 90)))).to.include('Outgoing mail is off');
  });

  const wrong: [typed: Record<string, string>, field: string, says: string][] = [
    [days(90, 90), 'dormant_deactivate_days', 'More than 90, so that the warning comes at least a day before.'],
    [days(90, 30), 'dormant_deactivate_days', 'More than 90'],
    [days(30, 60, 60), 'dormant_delete_days', 'More than 60: accounts are deactivated first.'],
    [days(30, 0, 60), 'dormant_deactivate_days', 'Needed for deleting'],
  ];
  for (const [typed, field, sentence] of wrong) {
    it(`does not take ${Object.values(typed).join(', ')} days`, async () => {
      const before = await readSettings(site.db);
      for (const fields of [typed, { ...typed, count: 'on' }]) {
        const page = await save(olga, 'dormancy', fields);
        expect(page.status).to.equal(422);
        expect(problem(page, field)).to.include(sentence);
      }
      expect(await readSettings(site.db)).to.deep.equal(before);
    });
  }

  it('cannot be made such by the back door either', async () => {
    for (const values of [{ dormantWarnDays: 9, dormantDeactivateDays: 9 }, { dormantDeleteDays: 5 }]) {
      const attempt = site.db.transaction((trx) => trx('settings').update(values));
      expect(
        await attempt.then(
          () => 'done',
          ({ code }) => code,
        ),
      ).to.equal('23514');
    }
  });
});
