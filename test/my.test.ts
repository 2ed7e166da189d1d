import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { connectTo } from './kit/connection.ts';
import { siteForEach } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('The start page', () => {
  const { site } = siteForEach();

  const links = (visitor: Visitor, within: string) =>
    [...visitor.page.document.querySelectorAll(`${within} a[href]`)].map((link) => link.getAttribute('href') as string);
  const ofThings = (hrefs: string[]) => hrefs.filter((href) => /\/(objects|trackers|cameras|things|shared)$/.test(href));
  const lists = ['/objects', '/trackers', '/cameras', '/things'];
  const own = [...lists.map((path) => `/my${path}`), '/my/shared'];

  const people: [Name, string[]][] = [
    ['stan', lists],
    ['gus', lists],
    ['mona', lists],
    ['uma', own],
  ];
  for (const [name, expected] of people)
    it(`leads ${name} to each list of things once, from the menu and from the page`, async () => {
      const visitor = await site.visitor(name);
      await visitor.get('/my');
      expect(ofThings(links(visitor, '#nav'))).to.deep.equal(expected);
      expect(ofThings(links(visitor, 'main'))).to.deep.equal(expected);
    });

  it('leads a connected administrator to all lists and to those of the user, even of one who sees all', async () => {
    const olga = await site.visitor('olga');
    await connectTo(olga, 'stan');
    await olga.get('/my');
    expect(ofThings(links(olga, '#nav'))).to.deep.equal([...lists, ...own]);
    expect(ofThings(links(olga, 'main'))).to.deep.equal(lists.map((path) => `/my${path}`));
  });
});
