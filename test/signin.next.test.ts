import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { siteForEach } from './kit/site.ts';

describe('The way on after signing in', () => {
  const { site } = siteForEach();

  const elsewhere = [
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    'https:evil.test',
    'https://evil.test/',
    'http:/evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    '/.//evil.test',
    '/..//evil.test',
    '\\\\evil.test',
    ' //evil.test',
    'evil.test',
    '///evil.test',
    '/%09/../..//evil.test',
  ];

  it('stays on this site, whatever the form says', async () => {
    for (const next of elsewhere) {
      const page = await follow(next);
      expect(new URL(page.url).origin, next).to.equal(site.address);
      expect(new URL(page.url).pathname, next).to.equal('/');
    }
  }).timeout(60_000);

  it('stays on this site, whatever the address says', async () => {
    const visitor = await site.visitor();
    for (const next of elsewhere) {
      const page = await visitor.get(`/sign-in?next=${encodeURIComponent(next)}`);
      expect(page.document.querySelector('input[name=next]')?.getAttribute('value'), next).to.equal('/');
    }
  });

  it('stays on this site after confirming and after choosing a theme', async () => {
    const olga = await site.visitor('olga');
    for (const next of elsewhere) {
      await olga.get(`/confirm?next=${encodeURIComponent(next)}`);
      expect(olga.page.document.querySelector('input[name=next]')?.getAttribute('value'), next).to.equal('/');
      const page = await olga.post('/theme', { theme: 'dark', return_to: next });
      expect(new URL(page.url).pathname, next).to.equal('/');
    }
  });

  /** Signs in without the slow password: a session is there, the form of /confirm uses the same rule for the same field. */
  async function follow(next: string) {
    const olga = await site.visitor('olga');
    await olga.get('/confirm');
    return olga.post('/confirm', { next });
  }

  it('follows no field that comes twice', async () => {
    const olga = await site.visitor();
    await olga.get('/sign-in');
    const fields: [string, string][] = [
      ['_csrf', olga.token()],
      ['identifier', 'olga'],
      ['password', worldPassword],
      ['next', '//evil.test'],
      ['next', '/history'],
    ];
    expect(new URL((await olga.post('/sign-in', fields)).url).pathname).to.equal('/');
  });

  it('goes nowhere else after a real sign-in either', async () => {
    for (const next of ['//evil.test', '/\\evil.test', '/\t/evil.test']) {
      const olga = await site.visitor();
      await olga.get('/sign-in');
      const page = await olga.post('/sign-in', { identifier: 'olga', password: worldPassword, next });
      expect(new URL(page.url).pathname, next).to.equal('/');
    }
  });
});
