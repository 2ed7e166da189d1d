import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import type { GroupName } from '../src/settings/groups.ts';
import { readSettings } from '../src/settings/settings.ts';
import { fieldValue, problem } from './kit/reading.ts';
import { groupOf, lastChange, save } from './kit/settings.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Settings that a borrowed screen must not be enough for', () => {
  let site: Site;
  let olga: Visitor;
  const settings = () => readSettings(site.db);
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/settings');
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
  });
  afterEach(() => site.close());

  const guarded: [group: GroupName, typed: Record<string, string>, becomes: object][] = [
    ['registration', { registration: 'open' }, { registration: 'open' }],
    ['sessions', { session_days: '365' }, { sessionDays: 365 }],
    ['lockout', { lock_failures: '90' }, { lockFailures: 90 }],
    ['lockout', { lock_minutes: '1' }, { lockMinutes: 1 }],
  ];
  for (const [group, typed, becomes] of guarded) {
    it(`asks who it is before ${JSON.stringify(becomes)}, and keeps what was typed`, async () => {
      const before = await settings();
      const asked = await save(olga, group, typed);
      expect(asked.status).to.equal(422);
      expect(problem(asked, 'your_password')).to.equal('Confirm it is you to change this.');
      expect(await site.db('attempts')).to.deep.equal([]);
      expect(problem(await save(olga, group, { your_password: 'wrong' }), 'your_password')).to.equal(
        'This is not your password.',
      );
      expect(await settings()).to.deep.equal(before);
      const page = await save(olga, group, { your_password: worldPassword });
      expect(page.text).to.include('saved.');
      expect(await settings()).to.include(becomes);
    });
  }

  it('asks before approval is left out, not before it is asked for', async () => {
    const off = { group: 'approval', version: '1', before: '{"approval":true}' };
    expect((await olga.post('/settings', off)).status).to.equal(422);
    expect((await settings()).approval).to.equal(true);
    await olga.post('/settings', { ...off, proving: 'on', your_password: worldPassword });
    expect((await settings()).approval).to.equal(false);
  });

  it('does not ask for what opens nothing', async () => {
    expect((await save(olga, 'registration', { registration: 'listed' })).text).to.include('saved.');
    expect((await save(olga, 'retention', { restore_days: '90' })).text).to.include('saved.');
    expect((await save(olga, 'lockout', {})).text).to.include('nothing has changed');
  });
});

describe('Two who have the Settings page open', () => {
  let oscar: Visitor;
  let site: Site;
  let olga: Visitor;
  const settings = () => readSettings(site.db);
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/settings');
    oscar = await site.visitor('oscar');
    await oscar.get('/settings');
  });
  afterEach(() => site.close());

  it('shows the second both values, and saves what that one then decides', async () => {
    await save(oscar, 'sessions', { idle_minutes: '60', session_days: '2' });
    const page = await save(olga, 'sessions', { idle_minutes: '90' });
    expect(page.status).to.equal(409);
    expect(groupOf(page, 'sessions')?.text).to.include('oscar saved these settings meanwhile');
    expect(problem(page, 'idle_minutes')).to.equal(
      'Saved meanwhile: 60 idle minutes. When you began: 720 idle minutes. Yours stands here.',
    );
    expect(problem(page, 'session_days')).to.equal('Saved meanwhile, and taken over: 2 days.');
    expect(['idle_minutes', 'session_days'].map((name) => fieldValue(page, name))).to.deep.equal(['90', '2']);
    expect(await settings()).to.include({ idleMinutes: 60, sessionDays: 2 });
    expect((await save(olga, 'sessions', {})).text).to.include('Sessions: saved.');
    expect(await settings()).to.include({ idleMinutes: 90, sessionDays: 2, version: 3 });
    expect((await lastChange(site))?.changes).to.deep.equal({ idleMinutes: [60, 90] });
  });

  it('lets both save different parts, and the same twice', async () => {
    await save(oscar, 'sessions', { idle_minutes: '60' });
    expect((await save(olga, 'retention', { restore_days: '7' })).text).to.include('Retention: saved.');
    const again = await site.visitor('olga');
    await again.get('/settings');
    await oscar.get('/settings');
    await save(oscar, 'retention', { restore_days: '9' });
    expect((await save(again, 'retention', { restore_days: '9' })).text).to.include('nothing has changed');
  });

  it('asks for everything that differs when the form does not say what was before', async () => {
    await save(oscar, 'accounts', { account_limit: '60' });
    for (const before of [
      '',
      'null',
      '[]',
      '{',
      '{"accountLimit":{"toString":1}}',
      '{"__proto__":{"accountLimit":1}}',
      'x'.repeat(20_000),
    ]) {
      await olga.get('/settings');
      const page = await save(olga, 'accounts', { before, version: '1', account_limit: '70' });
      expect(page.status, before.slice(0, 40)).to.equal(409);
      expect(problem(page, 'account_limit'), before.slice(0, 40)).to.equal('Saved meanwhile: 60 accounts. Yours stands here.');
    }
    for (const version of ['', 'x', '-1', '99', '1e9']) {
      await olga.get('/settings');
      expect((await save(olga, 'accounts', { before: '{}', version, account_limit: '70' })).status, version).to.equal(409);
    }
    expect((await settings()).accountLimit).to.equal(60);
  });
});
