import { expect } from 'chai';
import { type GroupName, groups } from '../src/settings/groups.ts';
import { readSettings } from '../src/settings/settings.ts';
import { settingNames, settingOf } from '../src/settings/table.ts';
import { turnMailOn } from './kit/letters.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { groupOf, isOn, lastChange, save } from './kit/settings.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The Settings page', () => {
  let site: Site;
  let olga: Visitor;
  const settings = () => readSettings(site.db);
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/settings');
  });
  afterEach(() => site.close());

  it('shows every setting in its part, under System in the menu, and what the environment says', async () => {
    const menu = olga.page.document.querySelectorAll('.side h2').find(({ text }) => text === 'System');
    expect(menu?.nextElementSibling?.text).to.include('Settings');
    for (const name of settingNames) {
      const { group, label } = settingOf(name);
      expect(groupOf(olga.page, group)?.text, name).to.include(label);
    }
    const parts = olga.page.document.querySelectorAll('.settings section').map(({ id }) => id);
    expect(parts).to.deep.equal((Object.keys(groups) as GroupName[]).filter((key) => parts.includes(key)));
    expect(groupOf(olga.page, 'currency')?.text).to.include('EUR, set by CURRENCY');
    expect(groupOf(olga.page, 'mail')?.text).to.include('off: SMTP_URL is not set');
    expect(groupOf(olga.page, 'mail')?.querySelector('form')).to.equal(null);
  });

  it('offers a test mail once there is a mail server, to the reader’s own address', async () => {
    await turnMailOn(site);
    const page = await olga.get('/settings');
    const form = groupOf(page, 'mail')?.querySelector('form[action="/settings/test-mail"]');
    expect(form?.querySelector('[name=address]')?.getAttribute('value')).to.equal('olga@world.example');
    expect(groupOf(page, 'mail')?.text).to.include('on, set by SMTP_URL').and.include('Roster <roster@localhost>');
  });

  for (const mode of modes) {
    it(`saves one part, for everybody at once, and says so (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/settings');
      const before = await settings();
      const page = await save(visitor, 'sessions', { idle_minutes_administrators: ' 45 ', session_days: '3' });
      expect([page.status, new URL(page.url).pathname]).to.deep.equal([200, '/settings']);
      expect(page.text).to.include('Sessions: saved.');
      expect(fieldValue(page, 'session_days')).to.equal('3');
      expect(await settings()).to.deep.equal({
        ...before,
        idleMinutesAdministrators: 45,
        sessionDays: 3,
        version: before.version + 1,
      });
    });
  }

  it('keeps in the history who changed what, before and after, and nothing when nothing has changed', async () => {
    await save(olga, 'accounts', { account_limit: '50', account_note: 'each costs €2' });
    expect(await lastChange(site)).to.include({ act: 'settings.changed', actor: 'olga', userId: null, outcome: 'done' });
    expect((await lastChange(site))?.changes).to.deep.equal({
      accountLimit: [0, 50],
      accountNote: ['each one adds load', 'each costs €2'],
    });
    const text = (await olga.get('/history')).text;
    expect(text).to.include('olga changed settings').and.include('account limit 0 → 50');
    await olga.get('/settings');
    expect((await save(olga, 'accounts', {})).text).to.include('Accounts: nothing has changed.');
    expect((await site.db('history').where({ act: 'settings.changed' })).length).to.equal(1);
    expect((await settings()).version).to.equal(2);
  });

  it('turns a switch off and on', async () => {
    expect(isOn(olga.page, 'approval')).to.equal(true);
    await olga.post('/settings', { group: 'approval', version: '1', before: '{}' });
    expect((await settings()).approval).to.equal(false);
    expect(isOn(await olga.get('/settings'), 'approval')).to.equal(false);
    await save(olga, 'approval', { approval: 'on' });
    expect((await settings()).approval).to.equal(true);
  });

  it('says what is wrong beside each field, writes nothing and keeps what was typed', async () => {
    const before = await settings();
    const page = await save(olga, 'accounts', {
      account_limit: '12 or so',
      account_limit_url: 'javascript:alert(1)',
      account_note: 'Kept',
    });
    expect(page.status).to.equal(422);
    expect(problem(page, 'account_limit')).to.equal('A whole number from 0 to 2,147,483,647.');
    expect(problem(page, 'account_limit_url')).to.include('An address that begins with https://');
    expect(['account_limit', 'account_note'].map((name) => fieldValue(page, name))).to.deep.equal(['12 or so', 'Kept']);
    expect(groupOf(page, 'accounts')?.querySelector('[role=alert]')?.text).to.include('2 fields need your attention');
    expect(await settings()).to.deep.equal(before);
    const again = await save(olga, 'accounts', { account_limit: '12', account_limit_url: 'https://hosting.example/plan' });
    expect(again.text).to.include('Accounts: saved.');
    expect(await settings()).to.include({
      accountLimit: 12,
      accountLimitUrl: 'https://hosting.example/plan',
      accountNote: 'Kept',
    });
  });

  const outside: [group: GroupName, name: string, values: string[]][] = [
    ['lockout', 'lock_failures', ['0', '101', '-1', '1.5', '1e1', '0x5', '', '٣']],
    ['lockout', 'lock_minutes', ['0', '1441']],
    ['sessions', 'idle_minutes_administrators', ['0', '1441']],
    ['sessions', 'idle_minutes', ['0', '43201']],
    ['sessions', 'session_days', ['0', '366']],
    ['retention', 'restore_days', ['0', '3651', '99999999999999999999']],
    ['dormancy', 'dormant_warn_days', ['-1', '3651']],
    ['accounts', 'account_limit', ['2147483648', '-1']],
    [
      'accounts',
      'account_limit_url',
      ['//evil.example', 'data:text/html,x', 'x y', 'https://me:secret@x.example/', `https://x.example/${'a'.repeat(500)}`],
    ],
    ['accounts', 'account_note', ['a\nb', 'x'.repeat(201), 'a\u0000b']],
    ['registration', 'registration', ['', 'everybody', '__proto__']],
  ];
  for (const [group, name, values] of outside) {
    it(`takes no ${name} that could not be meant`, async () => {
      const before = await settings();
      for (const value of values) {
        const page = await save(olga, group, { [name]: value });
        expect([page.status, problem(page, name) !== ''], value.slice(0, 30)).to.deep.equal([422, true]);
      }
      expect(await settings()).to.deep.equal(before);
    });
  }

  it('changes nothing but what its own part holds', async () => {
    const before = await settings();
    const smuggled = { lock_failures: '100', outgoing_mail: 'on', id: 'false', version: '1', registration: 'open' };
    await save(olga, 'retention', { ...smuggled, restore_days: '10' });
    expect(await settings()).to.deep.equal({ ...before, restoreDays: 10, version: 2 });
    for (const group of ['', 'mail', 'currency', 'nothing', '__proto__', 'constructor']) {
      const page = await olga.post('/settings', { group, ...smuggled });
      expect(page.status, group).to.be.oneOf([200, 422]);
    }
    expect((await olga.post('/settings', {})).text).to.include('does not say which settings it changes');
    expect(await settings()).to.deep.equal({ ...before, restoreDays: 10, version: 2 });
  });

  it('is nobody’s but administrators’', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/account');
    expect(uma.page.text).to.not.include('Settings');
    expect((await uma.get('/settings')).status).to.equal(403);
    await uma.get('/account');
    expect((await uma.post('/settings', { group: 'retention', restore_days: '1', version: '1' })).status).to.equal(403);
    expect((await settings()).restoreDays).to.equal(30);
  });
});

describe('What the environment sets at each start', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite({ ACCOUNT_LIMIT: '50', ACCOUNT_LIMIT_URL: 'https://hosting.example/plan' });
    await site.db('settings').update({ accountLimit: 50, accountLimitUrl: 'https://hosting.example/plan' });
  });
  afterEach(() => site.close());

  it('is shown as that, and changed by no form', async () => {
    const olga = await site.visitor('olga');
    const page = await olga.get('/settings');
    expect(groupOf(page, 'accounts')?.text)
      .to.include('50 accounts, set by ACCOUNT_LIMIT')
      .and.include('https://hosting.example/plan, set by ACCOUNT_LIMIT_URL');
    expect(page.document.querySelector('[name=account_limit], [name=account_limit_url]')).to.equal(null);
    await save(olga, 'accounts', { account_limit: '9000', account_limit_url: '', account_note: 'costs nothing' });
    expect(await readSettings(site.db)).to.include({
      accountLimit: 50,
      accountLimitUrl: 'https://hosting.example/plan',
      accountNote: 'costs nothing',
    });
  });
});
