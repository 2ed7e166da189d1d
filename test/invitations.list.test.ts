import { expect } from 'chai';
import { actUpon, address, expire, invite, inviteAll, listedIn, rowOf } from './fixtures/invitations.ts';
import { turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';

describe('The list of invitations', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const act = (what: string, fields: Record<string, string> = {}, by = olga) => actUpon(site, by, what, fields);
  const badgesFor = async (query = '') => listedIn(await olga.get(`/invitations${query}`));

  it('says what to do while it is empty', async () => {
    const page = await olga.get('/invitations');
    expect(page.text).to.include('Nobody is invited').and.include('0 open');
    expect(page.document.querySelector('.empty a')?.getAttribute('href')).to.equal('/invitations/new');
    expect(page.document.querySelector('.pager')).to.equal(null);
    expect((await olga.get('/invitations?q=nobody')).text).to.include('No invitation matches');
  });

  it('says of a new link that it expires in as many days as it was given', async () => {
    await invite(olga);
    const page = await olga.get('/invitations');
    expect(page.document.querySelector('td[data-label="Link expires"]')?.text).to.equal('in 7 days');
    expect(page.document.querySelector('.pager')?.text).to.include('1 invitation on this page');
  });

  it('stands between Users and Deleted, and in the menu', async () => {
    const page = await olga.get('/users');
    const tabs = page.document.querySelectorAll('.tabs a').map((link) => link.getAttribute('href'));
    expect(tabs.slice(0, 4)).to.deep.equal(['/users', '/users?state=requested', '/invitations', '/users/deleted']);
    expect(page.document.querySelector('.side a[href="/invitations"]')?.text).to.include('Invitations');
    expect((await (await site.visitor('uma')).get('/account')).html).to.not.include('/invitations');
  });

  it('says what the mail server said of a letter that failed, until another is on its way', async () => {
    await invite(olga);
    await site.db('letters').update({ state: 'failed', serverWords: '550 5.1.1 No such user here' });
    const page = await olga.get('/invitations?state=failed');
    expect(listedIn(page)).to.deep.equal([`${address} Open Mailfailed`]);
    expect(page.text).to.include('550 5.1.1 No such user here');
    await act('resend');
    expect(await badgesFor()).to.deep.equal([`${address} Open`]);
    expect(await badgesFor('?state=failed')).to.deep.equal([]);
  });

  it('says of an administrator’s invitation that it cannot be accepted when its maker is none any more', async () => {
    const oscar = await site.visitor('oscar');
    await invite(oscar, { profile: 'administrator' });
    await site.db('users').where({ username: 'oscar' }).update({ profile: 'customer' });
    const page = await olga.get('/invitations');
    expect(listedIn(page)).to.deep.equal([`${address} Open Cannotbeaccepted`]);
    expect(page.text).to.include('no active administrator any more');
    expect((await act('resend')).status).to.equal(409);
  });

  it('keeps an invitation whose maker is gone, with the name while there is one', async () => {
    const oscar = await site.visitor('oscar');
    await invite(oscar);
    await site.db('users').where({ username: 'oscar' }).update({ state: 'STATE_INACTIVE' });
    const page = await olga.get('/invitations');
    expect(listedIn(page)).to.deep.equal([`${address} Open`]);
    expect(page.document.querySelector('td[data-label="Invited by"]')?.text).to.equal('oscar');
  });

  describe('of many', () => {
    beforeEach(async () => {
      await inviteAll(
        olga,
        ['b@new.example,api', 'A@new.example,monitor', 'Ćira <c@other.example>', 'd_1@new.example'].join('\n'),
      );
      await site.db('invitations').where({ email: 'b@new.example' }).update({ revokedAt: '2026-11-01', sentAt: '2026-11-01' });
      await expire(site, 'd_1@new.example');
    });
    const addresses = async (query: string) => (await badgesFor(query)).map((line) => line.split('@')[0]);

    it('is narrowed by state and searched by address and name', async () => {
      expect(await addresses('?state=open&sort=email')).to.deep.equal(['A', 'c']);
      expect(await addresses('?state=expired')).to.deep.equal(['d_1']);
      expect(await addresses('?state=revoked')).to.deep.equal(['b']);
      expect(await addresses('?state=accepted')).to.deep.equal([]);
      expect(await addresses('?q=NEW.ex&sort=email')).to.deep.equal(['A', 'b', 'd_1']);
      expect(await addresses('?q=cira')).to.deep.equal(['c']);
      expect(await addresses('?q=_')).to.deep.equal(['d_1']);
      expect(await addresses('?q=%25')).to.deep.equal([]);
      const page = await olga.get('/invitations?q=new&state=open');
      const chips = page.document.querySelectorAll('.chip').map((chip) => chip.text.replace('Remove filter: ', ''));
      expect(chips).to.deep.equal(['“new”', 'Status: Open']);
    });

    it('is sorted both ways, the newest first as usual', async () => {
      expect((await addresses('')).at(-1)).to.equal('b');
      expect((await addresses('?sort=sent'))[0]).to.equal('b');
      expect(await addresses('?sort=email')).to.deep.equal(['A', 'b', 'c', 'd_1']);
      expect(await addresses('?sort=-email')).to.deep.equal(['d_1', 'c', 'b', 'A']);
      expect((await addresses('?sort=profile'))[0]).to.equal('b');
      expect((await addresses('?sort=expires'))[0]).to.equal('d_1');
      const heads = (await olga.get('/invitations?sort=-email')).document.querySelectorAll('th[aria-sort]');
      expect(heads.map((head) => head.getAttribute('aria-sort'))).to.deep.equal(['descending']);
    });

    for (const sort of ['sent', '-sent', 'email', '-profile', 'expires']) {
      it(`turns its pages by ${sort} without a row lost or twice`, async () => {
        const more = Array.from({ length: 56 }, (_, index) => `more-${index}@new.example`);
        await inviteAll(olga, more.join('\n'));
        const seen: string[] = [];
        let page = await olga.get(`/invitations?sort=${sort}`);
        for (;;) {
          seen.push(...listedIn(page));
          const next = page.document.querySelector('#page-next')?.getAttribute('href');
          if (!next) break;
          page = await olga.get(next.replaceAll('&amp;', '&'));
        }
        expect(seen).to.have.length(60);
        expect(new Set(seen).size).to.equal(60);
        page = await olga.get(
          (page.document.querySelector('#page-previous')?.getAttribute('href') ?? '').replaceAll('&amp;', '&'),
        );
        expect(listedIn(page)).to.deep.equal(seen.slice(25, 50));
      });
    }

    it('takes any junk in its address for the usual list', async () => {
      for (const query of ['?sort=-x&limit=7&state=__proto__', '?after=x&before=%00', '?q[]=a&state[]=open&sort[a]=b', '?q=%00'])
        expect((await olga.get(`/invitations${query}`)).status, query).to.equal(200);
    });
  });

  it('shows markup as text', async () => {
    const page = await invite(olga, { email: '"<b>Zoe</b><script>x</script>" <zoe@new.example>', note: '<img src=x onerror=y>' });
    expect(page.html).to.not.include('<b>Zoe').and.not.include('<script>x');
    const { id } = await rowOf(site);
    expect((await olga.get(`/invitations/${id}`)).html)
      .to.not.include('<img src=x')
      .and.not.include('<b>Zoe');
  });
});
