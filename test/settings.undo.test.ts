import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { readSettings } from '../src/settings/settings.ts';
import { problem } from './kit/reading.ts';
import { lastChange, save } from './kit/settings.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

const undoIn = (page: Page, place: string) =>
  page.document.querySelector(`${place} form[action^="/undo/"]`)?.getAttribute('action') ?? '';

describe('Undoing a change of settings', () => {
  let site: Site;
  let olga: Visitor;
  const settings = () => readSettings(site.db);
  const undoAt = async () => `/undo/${(await lastChange(site))?.id}`;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
    await olga.get('/settings');
  });
  afterEach(() => site.close());

  it('is offered where it was saved and in the history, and gives back what was before', async () => {
    const before = await settings();
    const saved = await save(olga, 'accounts', {
      account_limit: '70',
      account_note: '',
      account_limit_url: 'mailto:us@hosting.example',
    });
    const address = undoIn(saved, '#flash');
    expect(address).to.equal(await undoAt());
    expect(undoIn(await olga.get('/history'), '.timeline')).to.equal(address);
    const page = await olga.submit(address);
    expect(page.text).to.include('Undone: the settings are as they were before.');
    expect(await settings()).to.deep.equal({ ...before, version: 3 });
    const undone = await lastChange(site);
    expect(undone).to.include({ act: 'settings.undone', actor: 'olga' });
    expect(undone?.changes).to.deep.include({ accountLimit: [70, 0], accountNote: [null, 'each one adds load'] });
    expect(undoIn(await olga.get('/history'), '.timeline')).to.equal('');
  });

  it('happens once', async () => {
    await save(olga, 'retention', { restore_days: '5' });
    const address = await undoAt();
    await olga.post(address, {});
    await olga.get('/settings');
    const again = await olga.post(address, {});
    expect([again.status, again.text.includes('has been undone already')]).to.deep.equal([409, true]);
    expect((await settings()).version).to.equal(3);
  });

  it('stands back when something of it has been changed since, and after ten minutes', async () => {
    await save(olga, 'sessions', { session_days: '5', idle_minutes: '50' });
    const address = await undoAt();
    await olga.get('/settings');
    await save(olga, 'sessions', { session_days: '4' });
    const refused = await olga.post(address, {});
    expect([refused.status, refused.text.includes('changed since: session days.')]).to.deep.equal([409, true]);
    await site.db.raw('alter table history disable trigger history_is_kept');
    await site.db('history').update({ at: site.db.raw(`at - interval '11 minutes'`) });
    const last = await undoAt();
    expect(undoIn(await olga.get('/history'), '.timeline')).to.equal('');
    expect((await olga.post(last, {})).text).to.include('An act can be undone for 10 minutes');
    expect(await settings()).to.include({ sessionDays: 4, idleMinutes: 50 });
  });

  it('stands back when the values of before no longer fit the others', async () => {
    await save(olga, 'dormancy', { dormant_warn_days: '60', dormant_deactivate_days: '90' });
    await save(olga, 'dormancy', { dormant_warn_days: '30' });
    const address = await undoAt();
    await save(olga, 'dormancy', { dormant_deactivate_days: '40' });
    const refused = await olga.post(address, {});
    expect([refused.status, refused.text.includes('does not fit the other settings any more')]).to.deep.equal([409, true]);
    expect(await settings()).to.include({ dormantWarnDays: 30, dormantDeactivateDays: 40 });
  });

  it('takes a proof of identity where the change did', async () => {
    await save(olga, 'lockout', { lock_failures: '3' });
    const address = await undoAt();
    await site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });
    expect((await olga.post(address, {})).status).to.equal(422);
    expect(await site.db('attempts')).to.deep.equal([]);
    expect(problem(await olga.submit(address, { your_password: 'wrong' }), 'your_password')).to.equal(
      'This is not your password.',
    );
    expect((await settings()).lockFailures).to.equal(3);
    const page = await olga.submit(address, { your_password: worldPassword });
    expect([new URL(page.url).pathname, (await settings()).lockFailures]).to.deep.equal(['/settings', 5]);
  });

  it('leaves acts upon users to their own way back', async () => {
    await olga.get('/users/new');
    const page = await olga.post('/users/nina/activate', {});
    await olga.submit(undoIn(page, '#flash'));
    expect((await site.db('users').where({ username: 'nina' }).first()).state).to.equal('STATE_INACTIVE');
    for (const id of ['0', 'x', '999999999', '99999999999999999999']) {
      await olga.get('/settings');
      expect((await olga.post(`/undo/${id}`, {})).status, id).to.equal(404);
    }
  });
});
