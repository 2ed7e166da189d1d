import { expect } from 'chai';
import { alertOf, problem } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { saveView, shared, viewsOf } from './kit/views.ts';

describe('Saved views', () => {
  const { site, olga, oscar } = siteForEach('olga', 'oscar');

  const idOf = async (name: string): Promise<number> => (await site.db('savedViews').where({ name }).first('id')).id;

  it('of others are as if they were not there', async () => {
    await saveView(olga, 'Ours', 'state=locked', shared);
    await saveView(olga, 'Mine', 'state=flagged');
    const before = await site.db('savedViews').orderBy('id');
    await oscar.get('/users/new');
    for (const id of [await idOf('Ours'), await idOf('Mine'), 999_999, '0', '-1', '1.5', 'x', '9'.repeat(30), '١']) {
      const answers = [
        await oscar.get(`/users/views/${encodeURIComponent(id)}`),
        await oscar.get(`/users/views/${encodeURIComponent(id)}/delete`),
        await oscar.post(`/users/views/${encodeURIComponent(id)}`, { _csrf: await token(), name: 'Taken' }),
        await oscar.post(`/users/views/${encodeURIComponent(id)}/query`, { _csrf: await token(), query: 'state=active' }),
        await oscar.post(`/users/views/${encodeURIComponent(id)}/delete`, { _csrf: await token() }),
      ];
      for (const page of answers)
        expect([page.status, page.document.querySelector('.failure p:not(.failure-status)')?.text]).to.deep.equal([
          404,
          'There is no such view.',
        ]);
    }
    expect(await site.db('savedViews').orderBy('id')).to.deep.equal(before);
    const page = await oscar.get(`/users?view=${await idOf('Mine')}`);
    expect(page.document.querySelector('main')?.toString()).to.not.match(new RegExp(`Mine|view=${await idOf('Mine')}\\b`));
  });

  const token = async () => {
    await oscar.get('/users/new');
    return oscar.token();
  };

  it('refuse a name that is missing, long, broken or taken, and keep what was typed', async () => {
    await saveView(olga, 'Locked', 'state=locked');
    for (const [name, says] of [
      ['', 'A name is needed.'],
      [' \t ', 'A name is needed.'],
      ['x'.repeat(61), '60 characters at most; these are 61.'],
      ['two\nlines', 'One line only.'],
      ['a\u0000b', 'Holds a character that cannot be kept.'],
      ['LOCKED', 'You have a view of this name already.'],
    ] as const) {
      const page = await saveView(olga, name, 'state=flagged', shared);
      expect([page.status, problem(page, 'name')], name).to.deep.equal([422, says]);
      expect(page.document.querySelector('#field-is_shared')?.hasAttribute('checked')).to.equal(true);
      expect(page.document.querySelector('[name=query]')?.getAttribute('value')).to.equal('state=flagged');
    }
    await saveView(olga, 'x'.repeat(60), 'state=flagged');
    const id = await idOf('x'.repeat(60));
    await olga.get(`/users/views/${id}`);
    expect(problem(await olga.submit(`/users/views/${id}`, { name: 'locked' }), 'name')).to.equal(
      'You have a view of this name already.',
    );
    expect((await saveView(oscar, 'Locked', 'state=locked')).status, 'another’s name is free').to.equal(200);
  });

  it('refuse a list that says nothing or is not understood', async () => {
    for (const [query, says] of [
      ['', 'This is the usual list of all users'],
      ['limit=25&sort=-registered&x=1&after=abc&open=uma&view=1', 'This is the usual list of all users'],
      ['q=state:lockd', 'Status does not know “lockd”'],
      ['last=soon', 'Last sign-in does not know “soon”'],
      ['__proto__=1&constructor=2', 'This is the usual list of all users'],
    ] as const) {
      await olga.get('/users/views/new');
      const page = await olga.post('/users/views', { name: 'Any', query });
      expect([page.status, alertOf(page)]).to.satisfy(
        ([status, text]: [number, string]) => status === 422 && text.includes(says),
      );
    }
    expect(await site.db('savedViews')).to.deep.equal([]);
  });

  it('are fifty at most', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => ({ ownerId: site.ids.olga, name: `View ${n}`, query: 'state=locked' }));
    await site.db('savedViews').insert(rows);
    const page = await saveView(olga, 'One more', 'state=flagged');
    expect([page.status, alertOf(page)]).to.deep.equal([409, 'You keep 50 views, the most there can be. Delete one first.']);
    expect((await saveView(oscar, 'One more', 'state=flagged')).status).to.equal(200);
  });

  it('of whoever is no administrator any more, or deleted, are not shown to others', async () => {
    await saveView(oscar, 'Of Oscar', 'state=locked', shared);
    const seen = async () => viewsOf(await olga.get('/users'));
    expect(await seen()).to.deep.equal(['Of Oscar']);
    await site.db('users').where({ username: 'oscar' }).update({ profile: 'standard' });
    expect(await seen()).to.deep.equal([]);
    await site.db('users').where({ username: 'oscar' }).update({ profile: 'administrator', deletedAt: new Date() });
    expect(await seen()).to.deep.equal([]);
    await site.db('users').where({ username: 'oscar' }).update({ deletedAt: null });
    expect(await seen()).to.deep.equal(['Of Oscar']);
  });

  it('show names and searches as text only', async () => {
    const name = '<img src=x onerror=alert(1)>"\' {{7*7}}';
    await saveView(olga, name, `q=${encodeURIComponent('<script>x</script> "onload=y"')}`, shared);
    for (const [who, path] of [
      [olga, '/users'],
      [olga, '/users/views'],
      [olga, '/users/views/counts'],
      [olga, `/users/views/${await idOf(name)}`],
      [olga, `/users/views/${await idOf(name)}/delete`],
      [olga, '/history'],
      [oscar, '/users'],
    ] as const) {
      const page = await who.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.text, path).to.include(name);
      expect(page.document.querySelectorAll('img, script:not([src]), [onload], [onerror]').length, path).to.equal(0);
    }
  });
});
