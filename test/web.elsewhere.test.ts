import { expect } from 'chai';
import { asset } from '../src/web/assets.ts';
import { send } from './kit/raw.ts';
import { openSite, type Site } from './kit/site.ts';

const asks = (site: string, mode: string, dest: string) => ({
  'sec-fetch-site': site,
  'sec-fetch-mode': mode,
  'sec-fetch-dest': dest,
});

describe('Another site', () => {
  let site: Site;
  before(async () => {
    site = await openSite();
  });
  after(() => site.close());

  /** Asks as somebody's browser would; fetch would set some of these headers by itself. */
  const ask = async (path: string, headers: Record<string, string>, name: 'olga' | null = null) => {
    const host = new URL(site.address).host;
    const cookie: Record<string, string> = name ? { cookie: `roster=${(await site.visitor(name)).cookies.get('roster')}` } : {};
    return send(site.address, path, { headers: { host, ...cookie, ...headers } });
  };

  for (const [how, headers] of [
    ['a fetch', asks('cross-site', 'no-cors', 'empty')],
    ['an image', asks('cross-site', 'no-cors', 'image')],
    ['a script', asks('cross-site', 'no-cors', 'script')],
    ['a frame', asks('cross-site', 'navigate', 'iframe')],
    ['an object', asks('cross-site', 'navigate', 'object')],
    ['a neighbour', asks('same-site', 'cors', 'empty')],
  ] as const)
    it(`learns nothing by ${how}: every address answers alike, signed in or not`, async () => {
      const answers = [];
      for (const [name, path] of [
        ['olga', '/users/uma'],
        ['olga', '/users/nobody'],
        ['olga', '/my'],
        [null, '/users/uma'],
        [null, '/sign-in'],
      ] as const) {
        const { status, body, headers: sent } = await ask(path, headers, name);
        answers.push([status, body, sent['content-length'], sent['set-cookie'], sent.location].join('|'));
      }
      expect(new Set(answers).size).to.equal(1);
      expect(answers[0]).to.match(/^403\|Open this address by itself/);
    });

  for (const [how, headers] of [
    ['a link on another site or in a mail', asks('cross-site', 'navigate', 'document')],
    ['a typed address', asks('none', 'navigate', 'document')],
    ['its own script', asks('same-origin', 'cors', 'empty')],
    ['a program', {}],
  ] as const)
    it(`hinders nobody who comes by ${how}`, async () => {
      expect((await ask('/users/uma', headers, 'olga')).status).to.equal(200);
    });

  it('gets files and the state of health, as before', async () => {
    const headers = asks('cross-site', 'no-cors', 'image');
    for (const path of [asset('app.css'), '/healthz']) expect((await ask(path, headers)).status, path).to.equal(200);
  });
});
