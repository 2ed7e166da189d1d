import { expect } from 'chai';
import { checkOf, enter, failing, saysOf } from './kit/check.ts';
import { actsUpon } from './kit/history.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Visitor } from './kit/visitor.ts';

describe('What is worth knowing in a sign-in check', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  it('is noted, before it comes to that, of a user who was warned for not signing in', async () => {
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ dormantAt: '2026-11-01T08:00:00Z', dormantDueAt: '2099-02-01T08:00:00Z' });
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(saysOf(page, 'dormancy')).to.include('warned 1 Nov 2026').and.include('deactivated 1 Feb 2099, 08:00 UTC unless');
    await enter(site, 'uma');
    expect(saysOf(await olga.get(checkOf('uma')), 'dormancy')).to.equal('');
  });

  it('changes nothing by being asked, and knows nobody who is not there', async () => {
    await olga.get(checkOf('lea'));
    expect(await actsUpon(site, site.ids.lea)).to.deep.equal([]);
    expect((await olga.get(checkOf('nobody'))).status).to.equal(404);
  });
});
