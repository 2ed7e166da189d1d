import { expect } from 'chai';
import { asset } from '../src/web/assets.ts';
import { type Answer, cookiesOf, send } from './kit/raw.ts';
import { openSite, type Site } from './kit/site.ts';

const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; ` +
  `connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; ` +
  `require-trusted-types-for 'script'; trusted-types htmx`;

const nonceOf = (value: unknown) => /'nonce-([^']+)'/.exec(String(value))?.[1] ?? '';

function expectGuarded({ headers, status }: Answer, what: string): void {
  expect(headers['content-security-policy'], what).to.equal(policy(nonceOf(headers['content-security-policy'])));
  expect(nonceOf(headers['content-security-policy']), what).to.match(/^[\w+/]{22}==$/);
  expect(headers, what).to.include({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['permissions-policy'], what).to.include('camera=()').and.include('geolocation=()');
  expect(headers, what).to.not.have.any.keys('x-powered-by', 'server', 'access-control-allow-origin', 'etag');
  if (status !== 200 || !headers['cache-control']?.includes('immutable'))
    expect(headers['cache-control'], what).to.equal('no-store');
}

describe('Every answer', () => {
  let site: Site;
  afterEach(() => site.close());

  const cookieOf = async (name: 'olga' | 'uma') => `roster=${(await site.visitor(name)).cookies.get('roster')}`;

  it('is guarded alike, whether page, part, failure, file or machine’s', async () => {
    site = await openSite();
    const [olga, uma] = [await cookieOf('olga'), await cookieOf('uma')];
    const answers: [status: number, path: string, headers?: Record<string, string>, method?: string][] = [
      [200, '/sign-in'],
      [303, '/users'],
      [401, '/users', { 'hx-request': 'true' }],
      [200, '/users', { cookie: olga }],
      [200, '/users', { cookie: olga, 'hx-request': 'true' }],
      [200, '/users', { cookie: olga, 'hx-request': 'true', 'hx-boosted': 'true' }],
      [403, '/users', { cookie: uma }],
      [403, '/users', { cookie: uma, 'hx-request': 'true' }],
      [404, '/no-such-page', { cookie: olga }],
      [404, '/no-such-page', { cookie: olga, 'hx-request': 'true' }],
      [404, '/users/no-such-user', { cookie: olga }],
      [422, '/users?last=soon', { cookie: olga }],
      [403, '/sign-in', {}, 'POST'],
      [405, '/sign-in', {}, 'DELETE'],
      [400, '/users/%ff', { cookie: olga }],
      [421, '/sign-in', { host: 'evil.test' }],
      [200, asset('app.js')],
      [200, asset('app.css')],
      [404, '/assets/000000000000/app.js'],
      [200, '/healthz'],
      [200, '/readyz'],
      [404, '/metrics'],
    ];
    for (const [status, path, headers, method] of answers) {
      const what = `${method ?? 'GET'} ${path} ${JSON.stringify(headers ?? {})}`;
      const answer = await send(site.address, path, { headers, method });
      expect(answer.status, what).to.equal(status);
      expectGuarded(answer, what);
    }
  });

  it('has a nonce of its own, and every script and htmx attribute carries it', async () => {
    site = await openSite();
    const olga = await site.visitor('olga');
    const seen = new Set<string>();
    for (const path of ['/users', '/users', '/users/uma', '/history', '/account', '/no-such-page']) {
      for (const headers of [{}, { 'hx-request': 'true' }] as Record<string, string>[]) {
        const page = await olga.get(path, headers);
        const nonce = nonceOf(page.headers.get('content-security-policy'));
        const stamped = page.document.querySelectorAll('script, [hx-get], [hx-post], [hx-trigger], [hx-target]');
        for (const element of stamped.filter(({ tagName }) => !['HX-PARTIAL', 'BODY'].includes(tagName)))
          expect(element.getAttribute('nonce') ?? element.getAttribute('hx-nonce'), `${path} ${element.tagName}`).to.equal(nonce);
        expect(page.html, path).to.not.match(/ on\w+="| style="|hx-on|javascript:|<style/);
        seen.add(nonce);
      }
    }
    expect(seen.size).to.equal(12);
  });

  it('says by which headers a page and its part differ', async () => {
    site = await openSite();
    const { headers } = await send(site.address, '/users', { headers: { cookie: await cookieOf('olga') } });
    for (const name of ['HX-Request', 'HX-Boosted', 'HX-History-Restore-Request'])
      expect(headers.vary?.split(/, */), name).to.include(name);
  });

  it('lets files of ours be kept, and only by their content', async () => {
    site = await openSite();
    const { headers } = await send(site.address, asset('app.js'));
    expect(headers['cache-control']).to.equal('public, max-age=31536000, immutable');
    expect(headers['content-type']).to.include('javascript');
    expect(headers['set-cookie']).to.equal(undefined);
  });

  it('pins https for a year, and only where that is the public address', async () => {
    site = await openSite();
    expect((await send(site.address, '/sign-in')).headers['strict-transport-security']).to.equal(undefined);
    await site.close();
    site = await openSite({ BASE_URL: 'https://roster.example' });
    for (const path of ['/sign-in', '/no-such-page', '/healthz', asset('app.css')]) {
      const { headers } = await send(site.address, path, { headers: { host: 'roster.example' } });
      expect(headers['strict-transport-security'], path).to.equal('max-age=31536000; includeSubDomains');
    }
  });
});

describe('The cookies', () => {
  let site: Site;
  afterEach(() => site.close());

  it('are out of the reach of scripts and of other sites', async () => {
    site = await openSite();
    const [cookie, ...others] = cookiesOf((await send(site.address, '/sign-in')).headers);
    expect(others).to.deep.equal([]);
    expect(cookie?.name).to.equal('roster');
    expect(cookie?.flags).to.have.members(['Path=/', 'HttpOnly', 'SameSite=Lax']);
  });

  it('are bound to the host and to https where that is the public address, whatever a proxy says of it', async () => {
    site = await openSite({ BASE_URL: 'https://roster.example' });
    for (const proto of ['', 'http', 'https']) {
      const headers = { host: 'roster.example', 'x-forwarded-proto': proto };
      const shown = await send(site.address, '/sign-in', { headers });
      const [visit] = cookiesOf(shown.headers);
      const token = /name="_csrf" value="([^"]+)"/.exec(shown.body)?.[1] ?? '';
      const answer = await send(site.address, '/sign-in', {
        method: 'POST',
        headers: {
          ...headers,
          origin: 'https://roster.example',
          cookie: `${visit?.name}=${visit?.value}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ _csrf: token, identifier: 'uma', password: 'kettle-orbit-velvet' }).toString(),
      });
      expect(answer.status).to.equal(303);
      const cookies = cookiesOf(answer.headers);
      expect(cookies.map(({ name }) => name)).to.have.members(['__Host-roster', '__Host-roster-browser']);
      for (const { name, flags } of cookies) {
        expect(flags, name).to.include.members(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']);
        expect(flags.join(), name).to.not.match(/domain/i);
      }
      const session = cookies.find(({ name }) => name === '__Host-roster');
      const next = await send(site.address, '/account', {
        headers: { host: 'roster.example', cookie: `__Host-roster=${session?.value}` },
      });
      expect(next.status).to.equal(200);
    }
  });

  it('are not taken under the name of the plain address where https is public', async () => {
    site = await openSite({ BASE_URL: 'https://roster.example' });
    const cookie = `roster=${(await site.visitor('uma')).cookies.get('roster')}`;
    const answer = await send(site.address, '/account', { headers: { host: 'roster.example', cookie } });
    expect(answer.status).to.equal(303);
  });
});
