import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { siteForEach } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

type Change = { path: string; as: 'olga' | null; fields: Record<string, string> };

const changes: Change[] = [
  { path: '/sign-in', as: null, fields: { identifier: 'uma', password: worldPassword } },
  { path: '/sign-out', as: 'olga', fields: {} },
  { path: '/theme', as: 'olga', fields: { theme: 'dark' } },
  { path: '/account', as: 'olga', fields: { name: 'Forged', email: 'olga@world.example', version: '1' } },
  { path: '/account/sessions', as: 'olga', fields: {} },
  { path: '/users/uma/suspend', as: 'olga', fields: { reason: 'Forged' } },
  { path: '/users/lea/unlock', as: 'olga', fields: {} },
  { path: '/users/uma/delete', as: 'olga', fields: {} },
];

describe('A forged form', () => {
  const { site } = siteForEach();
  let visitor: Visitor;
  let sent: Change;

  /** Everything that a change could have changed. */
  const state = async () => JSON.stringify([await site.db('users').orderBy('id'), await site.db('sessions').orderBy('id')]);

  async function open(change: Change): Promise<string> {
    sent = change;
    visitor = await site.visitor(change.as);
    if (change.as) await site.visitor('olga'); // Another session, which /account/sessions could end.
    await visitor.get(change.as ? '/account' : '/sign-in');
    return visitor.token();
  }

  const form = 'application/x-www-form-urlencoded';
  const post = (body: string, headers: Record<string, string> = {}, path = sent.path, method = 'POST') =>
    visitor.request(path, { method, body, headers: { 'content-type': form, ...headers } });
  const encoded = (more: Record<string, string> = {}) => new URLSearchParams({ ...sent.fields, ...more }).toString();

  const forgeries: [what: string, forge: (token: string) => Promise<Page>][] = [
    ['no token', () => post(encoded())],
    ['an empty token', () => post(encoded({ _csrf: '' }))],
    ['a wrong token', (token) => post(encoded({ _csrf: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` }))],
    ['two tokens', (token) => post(`${encoded({ _csrf: token })}&_csrf=${token}`)],
    ['the token in the address', (token) => post(encoded(), {}, `${sent.path}?_csrf=${token}`)],
    ['the token in a header of another name', (token) => post(encoded(), { 'csrf-token': token, 'xsrf-token': token })],
    [
      'the token as a cookie',
      (token) => {
        visitor.cookies.set('_csrf', token);
        return post(encoded());
      },
    ],
    ['text/plain', (token) => post(encoded({ _csrf: token }), { 'content-type': 'text/plain' })],
    ['JSON as text/plain', (token) => post(JSON.stringify({ ...sent.fields, _csrf: token }), { 'content-type': 'text/plain' })],
    ['JSON', (token) => post(JSON.stringify({ ...sent.fields, _csrf: token }), { 'content-type': 'application/json' })],
    [
      'multipart',
      (token) => post(multipart({ ...sent.fields, _csrf: token }), { 'content-type': 'multipart/form-data; boundary=x' }),
    ],
    ['Origin of another site', (token) => post(encoded({ _csrf: token }), { origin: 'https://evil.test' })],
    ['Origin null', (token) => post(encoded({ _csrf: token }), { origin: 'null' })],
    ['Origin of another port', (token) => post(encoded({ _csrf: token }), { origin: 'http://localhost:1' })],
    ['Referer of another site', (token) => post(encoded({ _csrf: token }), { referer: 'https://evil.test/x' })],
    ['Sec-Fetch-Site cross-site', (token) => post(encoded({ _csrf: token }), { 'sec-fetch-site': 'cross-site' })],
    ['Sec-Fetch-Site same-site', (token) => post(encoded({ _csrf: token }), { 'sec-fetch-site': 'same-site' })],
    ['Sec-Fetch-Site none', (token) => post(encoded({ _csrf: token }), { 'sec-fetch-site': 'none' })],
    [
      'Origin of another site that claims same-origin',
      (token) => post(encoded({ _csrf: token }), { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' }),
    ],
  ];

  const multipart = (fields: Record<string, string>) =>
    `${Object.entries(fields)
      .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('')}--x--\r\n`;

  for (const change of changes) {
    it(`changes nothing on ${change.path}, in none of its ways`, async () => {
      const token = await open(change);
      const before = await state();
      for (const [what, forge] of forgeries) {
        const page = await forge(token);
        expect(page.status, what).to.equal(403);
        expect(page.html, what).to.include('<html').and.not.include('at ');
        expect(await state(), what).to.equal(before);
      }
    }).timeout(60_000);

    it(`is told from the real one on ${change.path}`, async () => {
      const token = await open(change);
      const before = await state();
      const page = await post(encoded({ _csrf: token }), { origin: site.address, 'sec-fetch-site': 'same-origin' });
      expect(page.status).to.equal(200);
      expect(await state()).to.not.equal(before);
    });

    it(`does nothing as another method on ${change.path}`, async () => {
      const token = await open(change);
      const before = await state();
      const query = `${change.path}?${encoded({ _csrf: token })}`;
      for (const method of ['GET', 'HEAD', 'OPTIONS']) await visitor.request(query, { method });
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const page = await post(encoded({ _csrf: token }), {}, change.path, method);
        expect(page.status, method).to.equal(405);
      }
      for (const [name, value] of [
        ['x-http-method-override', 'POST'],
        ['x-method-override', 'POST'],
      ] as const)
        await visitor.request(query, { headers: { [name]: value } });
      await visitor.request(`${query}&_method=POST`, {});
      expect(await state()).to.equal(before);
    });
  }

  it('does not pass with a token of somebody else’s session', async () => {
    const other = await site.visitor('stan');
    await other.get('/account');
    for (const change of changes) {
      await open(change);
      const before = await state();
      expect((await post(encoded({ _csrf: other.token() }))).status, change.path).to.equal(403);
      expect(await state(), change.path).to.equal(before);
    }
  });

  it('is told from a real one by the header too, as htmx sends it', async () => {
    const token = await open(changes[2] as Change);
    await post(encoded(), { 'x-csrf-token': token, 'hx-request': 'true' });
    expect((await site.db('users').where({ username: 'olga' }).first()).theme).to.equal('dark');
  });

  it('does not pass for having the token in the body when the header holds another', async () => {
    const token = await open(changes[2] as Change);
    expect((await post(encoded({ _csrf: token }), { 'x-csrf-token': 'wrong' })).status).to.equal(403);
  });

  it('keeps working forms on the page that refuses it', async () => {
    const token = await open(changes[2] as Change);
    await post(encoded({ _csrf: 'wrong' }));
    expect(visitor.page.text).to.include('This form is out of date');
    expect(visitor.token()).to.be.a('string').with.length.greaterThan(20).and.not.equal(token);
    await visitor.submit('/sign-out');
    expect(new URL(visitor.page.url).pathname).to.equal('/sign-in');
  });

  it('keeps working forms on the page that says “not allowed”', async () => {
    visitor = await site.visitor('uma');
    expect((await visitor.get('/users')).status).to.equal(403);
    await visitor.submit('/sign-out');
    expect(new URL(visitor.page.url).pathname).to.equal('/sign-in');
  });
});
