import { expect } from 'chai';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The own preferences', () => {
  const { site } = siteForEach();

  const userOf = (username: string) => site.db('users').where({ username }).first();

  async function save(visitor: Visitor, values: Record<string, string>) {
    await visitor.get('/account/preferences');
    return visitor.submit('/account/preferences', values);
  }

  for (const mode of modes) {
    it(`are the zone in which moments are shown, and the theme (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      const page = await save(uma, { time_zone: 'Asia/Tokyo', theme: 'dark' });
      expect([page.status, page.text.includes('Preferences saved.')]).to.deep.equal([200, true]);
      expect(page.text).to.match(/Now it is \d+ \w+ \d{4}, \d\d:\d\d GMT\+9\./);
      expect(page.document.querySelector('select option[selected]')?.text).to.equal('Asia/Tokyo');
      expect(await userOf('uma')).to.include({ timeZone: 'Asia/Tokyo', theme: 'dark' });
      const act = await onlyActUpon(site, site.ids.uma);
      expect(act).to.include({ act: 'account.preferences-set', actor: 'uma' });
      expect(act.changes).to.deep.equal({ timeZone: ['UTC', 'Asia/Tokyo'], theme: ['system', 'dark'] });
      const again = await (await site.visitor('uma')).get('/account/sessions');
      expect(again.document.querySelector('html')?.getAttribute('data-theme')).to.equal('dark');
      expect(again.document.querySelector('main time')?.getAttribute('title')).to.match(/GMT\+9$/);
    });
  }

  it('are not recorded when nothing changes, and do not make an open form of the profile stale', async () => {
    const uma = await site.visitor('uma');
    const { version } = await userOf('uma');
    await save(uma, {});
    expect(await actsUpon(site, site.ids.uma)).to.deep.equal([]);
    await save(uma, { time_zone: 'Europe/Minsk' });
    expect((await userOf('uma')).version).to.equal(version);
  });

  it('refuse what is no zone or theme, and keep the rest', async () => {
    const uma = await site.visitor('uma');
    const wrong = [
      ['time_zone', 'Mars/Olympus'],
      ['time_zone', ''],
      ['time_zone', 'utc'],
      ['theme', 'pink'],
    ] as const;
    for (const [name, value] of wrong) expect((await save(uma, { [name]: value })).status, value).to.equal(422);
    expect(uma.page.document.querySelector('select option[selected]')?.text).to.equal('UTC');
    const twice: [string, string][] = [
      ['_csrf', uma.token()],
      ['time_zone', 'Asia/Tokyo'],
      ['time_zone', 'Asia/Tokyo'],
      ['theme', 'dark'],
    ];
    for (const fields of [twice, twice.slice(0, 1)])
      expect((await uma.post('/account/preferences', fields)).status).to.equal(422);
    expect(await userOf('uma')).to.include({ timeZone: 'UTC', theme: 'system' });
  });

  it('are a monitor user’s too, and not of who is restricted to the own profile', async () => {
    expect((await save(await site.visitor('mona'), { time_zone: 'Europe/Berlin' })).status).to.equal(200);
    const sue = await site.visitor('sue');
    const tabs = (await sue.get('/account')).document.querySelectorAll('.tabs a').map(({ text }) => text);
    expect(tabs).to.deep.equal(['Profile', 'Password', 'Sessions']);
    expect((await sue.get('/account/preferences')).status).to.equal(403);
  });
});
