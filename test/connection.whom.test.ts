import { expect } from 'chai';
import { connectTo, lastConnection } from './kit/connection.ts';
import { leave } from './kit/feedback.ts';
import { siteForEach } from './kit/site.ts';

describe('To whom an administrator connects, and where it comes back to', () => {
  const { site, olga } = siteForEach('olga');

  const offers = async (path: string) => {
    const { document } = await olga.get(path);
    return document.querySelectorAll('a[href*="/connect"]').map((link) => link.getAttribute('href'));
  };

  it('is nobody who has no sections: an API user is refused, and offered nowhere', async () => {
    const page = await olga.get('/users/april/connect');
    expect(page.status).to.equal(403);
    expect(page.text).to.include('April Programs is an API user: there are no sections to work in.');
    await olga.get('/account');
    expect((await olga.post('/users/april/connect', { reason: 'A call' })).status).to.equal(403);
    for (const path of ['/users?q=april&open=april', '/users/april', '/users/april/menu'])
      expect(await offers(path), path).to.deep.equal([]);
    expect(await lastConnection(site)).to.equal(undefined);
  });

  it('ends when the user becomes one: there is nothing left to work in', async () => {
    await connectTo(olga, 'uma');
    await site.db('users').where({ username: 'uma' }).update({ profile: 'api' });
    expect((await olga.get('/users')).text).to.include('Your connection to Uma Trucking Ltd has ended.');
    expect((await lastConnection(site)).endedBy).to.equal('standing');
  });

  for (const name of ['stan', 'gus', 'mona', 'uma', 'flo'] as const)
    it(`is ${name}, and every section that its menu has then opens`, async () => {
      expect((await connectTo(olga, name)).status).to.equal(200);
      const hrefs = olga.page.document.querySelectorAll('ul.of-connected a').map((link) => link.getAttribute('href') ?? '');
      expect(hrefs).to.include.members(['/my', '/my/feedback', '/my/visits']);
      for (const href of hrefs) expect((await olga.get(href)).status, href).to.equal(200);
    });

  it('leads from feedback to its user and back to that feedback', async () => {
    const { id } = await leave(site.db, 'uma');
    const [href = ''] = await offers(`/feedback/${id}`);
    await olga.get(href);
    await olga.submit('/users/uma/connect', { reason: 'Its feedback' });
    expect(new URL((await olga.submit('/disconnect')).url).pathname).to.equal(`/feedback/${id}`);
  });

  it('comes back to no page of the user’s, which would be closed then, nor to another site', async () => {
    for (const [wanted, back] of [
      ['/my/objects', '/users/uma'],
      ['/my', '/users/uma'],
      ['//evil.example/x', '/users/uma'],
      ['https://evil.example/', '/users/uma'],
      ['/disconnect', '/users/uma'],
      ['/users/uma/connect', '/users/uma'],
      [`/users?q=${'x'.repeat(5000)}`, '/users/uma'],
      ['/users?q=uma&sort=-name', '/users?q=uma&sort=-name'],
    ] as const) {
      await olga.get(`/users/uma/connect?return_to=${encodeURIComponent(wanted.slice(0, 1500))}`);
      await olga.submit('/users/uma/connect', { reason: 'A call', return_to: wanted });
      const { pathname, search } = new URL((await olga.submit('/disconnect')).url);
      expect(pathname + search, wanted.slice(0, 40)).to.equal(back);
    }
  });
});
