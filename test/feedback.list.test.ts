import { expect } from 'chai';
import { leave, rowsOn } from './kit/feedback.ts';
import { wordsOf } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('The list of feedback', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  const list = async (query = '') => {
    await olga.get(`/feedback${query}`);
    return rowsOn(olga);
  };
  const follow = (selector: string) => olga.get(olga.page.document.querySelector(selector)?.getAttribute('href') ?? '');
  const hours = (count: number) => site.db.raw('now() - make_interval(hours => ?)', [count]);

  /** In every state: two that wait, the later one for longer since it was answered in between, and two that do not. */
  async function some() {
    const early = await leave(site.db, 'uma', { text: 'Early', kind: 'problem' });
    const late = await leave(site.db, 'ines', { text: 'Late', kind: 'idea' });
    const answered = await leave(site.db, 'uma', { text: 'Answered', kind: 'praise' });
    const closed = await leave(site.db, 'mona', { text: 'Closed' });
    const set = (id: number, values: object) => site.db('feedback').where({ id }).update(values);
    await set(early.id, { waitsSince: hours(1), lastMessageAt: hours(1) });
    await set(late.id, { waitsSince: hours(9), lastMessageAt: hours(2) });
    await set(answered.id, { state: 'answered', waitsSince: null, lastMessageAt: hours(5) });
    await set(closed.id, { state: 'closed', waitsSince: null, lastMessageAt: hours(3) });
  }

  it('has first what waits for an answer, the longest at the top, then the latest word; and says how many wait', async () => {
    await some();
    expect(await list()).to.deep.equal(['Late', 'Early', 'Closed', 'Answered']);
    expect(wordsOf(olga.page, '.head p')).to.equal('2 wait for an answer');
    await leave(site.db, 'flo', { text: 'Another' });
    expect((await list())[2]).to.equal('Another');
  });

  it('is sorted by each head, both ways', async () => {
    await some();
    for (const [sort, rows] of [
      ['left', ['Early', 'Late', 'Answered', 'Closed']],
      ['-left', ['Closed', 'Answered', 'Late', 'Early']],
      ['last', ['Answered', 'Closed', 'Late', 'Early']],
      ['-last', ['Early', 'Late', 'Closed', 'Answered']],
      ['-turn', ['Answered', 'Closed', 'Early', 'Late']],
      ['secret', ['Late', 'Early', 'Closed', 'Answered']],
    ] as const)
      expect(await list(`?sort=${sort}`), sort).to.deep.equal(rows);
    await list();
    await follow('#sort-left');
    expect(rowsOn(olga)).to.deep.equal(['Closed', 'Answered', 'Late', 'Early']);
    expect(olga.page.document.querySelector('th[aria-sort]')?.getAttribute('aria-sort')).to.equal('descending');
  });

  it('is narrowed by state, kind and user, alone and together, and each can be taken away', async () => {
    await some();
    expect(await list('?state=open')).to.deep.equal(['Late', 'Early']);
    expect(await list('?state=answered')).to.deep.equal(['Answered']);
    expect(await list('?kind=idea')).to.deep.equal(['Late']);
    expect(await list('?user=uma')).to.deep.equal(['Early', 'Answered']);
    expect(await list('?user=uma&state=open&kind=problem')).to.deep.equal(['Early']);
    expect(await list('?user=uma&state=closed')).to.deep.equal([]);
    expect(olga.page.text).to.include('No feedback matches');
    await follow('.chip');
    expect(rowsOn(olga)).to.deep.equal(['Closed']);
    expect((await list('?state=x&kind=y&user=Z%20&limit=7&after=zzz')).length).to.equal(4);
  });

  it('finds words of any message, notes too, and of its user', async () => {
    const { id } = await leave(site.db, 'uma', { text: 'Lorry 13 stands still' });
    await leave(site.db, 'ines', { text: 'Something else' });
    await site.db('feedbackMessages').insert({
      feedbackId: id,
      userId: site.ids.uma,
      side: 'note',
      text: 'Ask Grüber, 100% sure',
      idempotencyKey: '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e',
    });
    for (const q of ['stands', 'LORRY still', 'gruber', '100%', 'trucking', 'uma@world', 'lo', 'um'])
      expect(await list(`?q=${encodeURIComponent(q)}`), q).to.deep.equal(['Lorry 13 stands still']);
    for (const q of ['lorry nowhere', '%%%', '_____', "'; drop table feedback"])
      expect(await list(`?q=${encodeURIComponent(q)}`), q).to.deep.equal([]);
    expect((await olga.get('/feedback?q=%00')).status).to.equal(200);
  });

  for (const mode of modes)
    it(`is paged by key in every order, and nothing stands twice or is left out (${mode})`, async () => {
      for (const name of ['uma', 'ines', 'flo', 'mona'] as const)
        for (let number = 1; number <= 8; number += 1) await leave(site.db, name, { text: `${name} ${number}` });
      await site.db('feedback').whereRaw('id % 3 = 0').update({ state: 'answered', waitsSince: null });
      olga = await site.visitor('olga', mode);
      for (const sort of ['turn', '-turn', '-left', 'last']) {
        const first = await list(`?sort=${sort}`);
        expect(first, sort).to.have.length(25);
        await follow('#page-next');
        const second = rowsOn(olga);
        expect(new Set([...first, ...second]).size, sort).to.equal(32);
        await follow('#page-previous');
        expect(rowsOn(olga), sort).to.deep.equal(first);
      }
    });

  it('leaves out deleted users, whose feedback stands on their page', async () => {
    await some();
    await site.db('users').where({ username: 'uma' }).update({ deletedAt: new Date() });
    expect(await list()).to.deep.equal(['Late', 'Closed']);
    expect(wordsOf(olga.page, '.head p')).to.equal('1 waits for an answer');
    expect(await list('?user=uma')).to.deep.equal([]);
    await olga.get('/users/uma/feedback');
    expect(rowsOn(olga)).to.deep.equal(['Answered', 'Early']);
  });

  it('of one user stands among its pages, the newest first, and leads to where it is answered', async () => {
    await some();
    await olga.get('/users/uma');
    await follow('.tabs a[href="/users/uma/feedback"]');
    expect(rowsOn(olga)).to.deep.equal(['Answered', 'Early']);
    await follow('.tabs a[href="/users/uma/feedback?state=open"]');
    expect(rowsOn(olga)).to.deep.equal(['Early']);
    expect((await follow('#feedback tbody th a')).url).to.match(/\/feedback\/\d+$/);
  });

  it('of one’s own has no other user’s, whatever the address says', async () => {
    await some();
    const uma = await site.visitor('uma');
    for (const query of ['', '?user=ines', '?q=&user=mona', '?sort=-left']) {
      await uma.get(`/my/feedback${query}`);
      expect(rowsOn(uma), query).to.deep.equal(['Answered', 'Early']);
    }
    await uma.get('/my/feedback?state=answered');
    expect(rowsOn(uma)).to.deep.equal(['Answered']);
  });

  it('says what to do where there is none', async () => {
    expect(await list()).to.deep.equal([]);
    expect(olga.page.text).to.include('Nobody waits for an answer').and.include('No feedback yet');
    const uma = await site.visitor('uma');
    const page = await uma.get('/my/feedback');
    expect(page.document.querySelector('.empty a')?.getAttribute('href')).to.equal('/my/feedback/new');
  });
});
