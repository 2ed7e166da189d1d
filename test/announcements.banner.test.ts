import { expect } from 'chai';
import { withdrawAnnouncement } from '../src/announcements/send.ts';
import { actorFor } from './kit/actor.ts';
import { announce, writeDraft } from './kit/announcing.ts';
import { told } from './kit/notices.ts';
import { fieldValue, problem, wordsOf } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

describe('An announcement above every page', () => {
  const { site } = siteForEach();

  const soon = () => new Date(Date.now() + 3 * 86_400_000);
  const bannerOn = (page: Page) => wordsOf(page, '.banner');
  const sendIt = async (more: object) => announce(site.db, await actorFor(site.db, 'olga'), { bannerUntil: soon(), ...more });

  it('stands there until it is closed, for each by itself', async () => {
    await sendIt({ title: 'Down on Sunday' });
    const uma = await site.visitor('uma');
    for (const path of ['/my', '/account', '/my/notifications', '/nothing-here'])
      expect(bannerOn(await uma.get(path)), path).to.equal('Down on Sunday Close');
    const [{ id }] = await told(site, 'uma');
    await uma.get('/my/objects?q=x');
    const after = await uma.submit(`/notifications/${id}/read`);
    expect([new URL(after.url).pathname, bannerOn(after)]).to.deep.equal(['/my/objects', undefined]);
    const ines = await site.visitor('ines');
    expect(bannerOn(await ines.get('/my'))).to.equal('Down on Sunday Close');
  });

  it('is opened from there, which closes it; the newest comes first', async () => {
    await sendIt({ title: 'The older' });
    await sendIt({ title: 'The newer' });
    await sendIt({ title: 'Without', bannerUntil: null });
    const uma = await site.visitor('uma');
    expect(bannerOn(await uma.get('/my'))).to.equal('The newer Close');
    const [, { id }] = await told(site, 'uma');
    expect((await uma.submit(`/notifications/${id}/open`)).text).to.include('On Sunday from 2 to 4.');
    expect(bannerOn(uma.page)).to.equal('The older Close');
  });

  it('is gone when its day is over, when it is withdrawn, and for who may read no notifications', async () => {
    const { id } = await sendIt({ title: 'Down on Sunday' });
    const uma = await site.visitor('uma');
    await site.db('sharedTexts').update({ bannerUntil: new Date(Date.now() - 1000) });
    expect(bannerOn(await uma.get('/my'))).to.equal(undefined);
    await site.db('sharedTexts').update({ bannerUntil: soon() });
    await site.db('users').where({ username: 'ines' }).update({ state: 'STATE_SUSPENDED' });
    const ines = await site.visitor('ines');
    expect(bannerOn(await ines.get('/account'))).to.equal(undefined);
    expect(bannerOn(await uma.get('/my'))).to.equal('Down on Sunday Close');
    await withdrawAnnouncement(site.db, await actorFor(site.db, 'olga'), id);
    expect(bannerOn(await uma.get('/my'))).to.equal(undefined);
  });

  it('has a day that is still to come, kept with the draft', async () => {
    const olga = await site.visitor('olga');
    await olga.get('/announcements/new');
    const over = { title: 'T', text: 'X', to: 'all', banner_until: '2020-01-01' };
    expect(problem(await olga.submit('/announcements/new', over), 'banner_until')).to.equal('This day is over.');
    const path = await writeDraft(olga, { banner_until: '2126-05-31' });
    expect(olga.page.text).to.include('Until 31 May 2126');
    expect(fieldValue(await olga.get(`${path}/edit`), 'banner_until')).to.equal('2126-05-31');
  });
});
