import { expect } from 'chai';
import { actsUpon } from './kit/history.ts';
import { siteForEach } from './kit/site.ts';
import type { Page } from './kit/visitor.ts';

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `'-alert(1)-'`,
  '</title><svg onload=alert(1)>',
  '<%= 7 * 7 %>{{7 * 7}}',
  '" hx-get="/users/olga/delete" hx-trigger="load" x="',
];
const fields = [
  'name',
  'first_name',
  'last_name',
  'organization',
  'legal_address',
  'postal_address',
  'bank',
  'additional_info',
  'description',
  'preferred_map',
];
const places = [
  '/users',
  '/users?open=uma',
  '/users/uma',
  '/users/uma/details',
  '/users/uma/edit',
  '/users/uma/history',
  '/users/uma/sessions',
  '/users/uma/suspend',
  '/users/uma/reset-password',
  '/users/uma/delete',
  '/history',
];

/** Nothing in the page can run: no element or attribute that our own views do not write. */
function expectInert(page: Page, payload: string): void {
  expect(page.html, page.url).to.not.include(payload.includes('<') ? payload : '\u0000');
  const { document } = page;
  expect(document.querySelectorAll('[onerror], [onload], img, [x]').length, page.url).to.equal(0);
  expect(document.querySelectorAll('script:not([src])').length, page.url).to.equal(0);
  expect(document.querySelectorAll('[hx-get="/users/olga/delete"]').length, page.url).to.equal(0);
  expect(document.querySelectorAll('title').length, page.url).to.equal(1);
}

describe('What people type', () => {
  const { site, olga } = siteForEach('olga');

  for (const payload of payloads) {
    it(`is only text on every page: ${payload}`, async () => {
      await olga.get('/users/uma/edit');
      const values = Object.fromEntries(
        fields.map((field) => [field, `${field} ${payload}`.slice(0, field === 'preferred_map' ? 50 : 100)]),
      );
      await olga.submit('/users/uma/edit', values);
      await olga.get('/users/uma/edit');
      const saved = await olga.submit('/users/uma/edit', { unp: '19' });
      expect(saved.status).to.equal(200);
      expect(saved.document.querySelector('#flash, hx-partial')?.text).to.include('name ');
      expectInert(saved, payload);
      await olga.post('/users/uma/flag', { reason: payload });
      for (const path of places) {
        const page = await olga.get(path);
        expect(page.status, path).to.equal(200);
        expectInert(page, payload);
      }
      expect((await olga.get('/users/uma')).document.querySelector('h1')?.text).to.equal(`name ${payload}`);
      await olga.post('/users/uma/delete', {});
      for (const path of ['/users/deleted', '/users/uma/restore', '/users/uma/purge']) expectInert(await olga.get(path), payload);
    });

    it(`is only text where it is shown again in a form, a filter or a failure: ${payload}`, async () => {
      await olga.get('/users/new');
      expectInert(
        await olga.submit('/users/new', { username: payload, email: payload, phone: payload, profile: payload, reason: payload }),
        payload,
      );
      const query = encodeURIComponent(payload);
      for (const name of ['q', 'state', 'last', 'sort', 'open', 'after', 'limit'])
        expectInert(await olga.get(`/users?${name}=${query}`), payload);
      for (const path of [`/users/${query}`, `/users/uma/suspend?return_to=${query}`, `/history?user=${query}&act=${query}`])
        expectInert(await olga.get(path), payload);
    });
  }

  it('keeps names of a hundred characters and from right to left whole', async () => {
    const long = 'Ž'.repeat(100);
    const arabic = 'شركة النقل ‏Uma‏';
    await olga.get('/users/uma/edit');
    await olga.submit('/users/uma/edit', { organization: long, name: arabic });
    const page = await olga.get('/users?open=uma');
    expect(page.document.querySelector('#user-uma th a[dir=auto]')?.text).to.equal(arabic);
    await olga.get('/users/uma/edit');
    await olga.submit('/users/uma/edit', { name: '' });
    expect(await site.db('users').where({ id: site.ids.uma }).first()).to.include({ name: long, organization: long });
    expect((await actsUpon(site, site.ids.uma)).at(-1)?.changes).to.deep.equal({ name: [arabic, long] });
  });

  it('keeps line breaks as one kind and takes blanks around away', async () => {
    await olga.get('/users/uma/edit');
    await olga.submit('/users/uma/edit', { description: '  one\r\ntwo\rthree  ', first_name: ' Uma ' });
    expect(await site.db('users').where({ id: site.ids.uma }).first()).to.include({
      description: 'one\ntwo\nthree',
      firstName: 'Uma',
    });
    await olga.get('/users/uma/edit');
    await olga.submit('/users/uma/edit');
    expect(await actsUpon(site, site.ids.uma)).to.have.length(1);
  });

  it('never brings a secret into a page', async () => {
    const secrets: string[] = (await site.db('users').whereNotNull('passwordHash').pluck('passwordHash')).concat(
      'password_hash',
      '$2b$',
      'passwordHash',
    );
    for (const path of places) {
      const { html } = await olga.get(path);
      for (const secret of secrets) expect(html.includes(secret), `${path} ${secret}`).to.equal(false);
    }
  });
});
