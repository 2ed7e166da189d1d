import { expect } from 'chai';
import { barOf, goTo, press, tickedOn } from './fixtures/selecting.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

describe('Selecting users', () => {
  const { site, olga } = siteForEach('olga');

  /** Forty people, on two pages. */
  async function crowd(): Promise<number[]> {
    const rows = Array.from({ length: 40 }, (_, n) => ({
      username: `page-${n}`,
      email: `page-${n}@pages.example`,
      name: `Page ${n}`,
      state: 'STATE_APPROVED',
      registeredAt: new Date(Date.UTC(2026, 0, 40 - n)),
    }));
    const made = await site.db('users').insert(rows).returning('id');
    return made.map(({ id }) => id);
  }
  const list = '/users?q=pages.example';
  const names = (page: Page) => page.document.querySelectorAll('#bulk tbody th').map((cell) => cell.text.trim());
  const deactivate = { act: 'deactivate user' };

  for (const mode of modes) {
    it(`survives turning pages, and says how many are elsewhere (${mode})`, async () => {
      const [first, second, , , ...rest] = await crowd();
      const visitor = await site.visitor('olga', mode);
      const shown = await visitor.get(list);
      const next = await press(visitor, { go: goTo(shown, 'Next page') }, [first as number, second as number]);
      expect(next.url).to.match(/after=.*&selection=\d+$/);
      expect(barOf(next)).to.equal('2 selected on other pages, and who is ticked here');
      const back = await press(visitor, { go: goTo(next, 'Previous page') }, [rest.at(-1) as number]);
      expect(tickedOn(back)).to.deep.equal([String(first), String(second)]);
      expect(barOf(back)).to.include('1 selected on other pages');
      const preview = await press(visitor, deactivate);
      expect(names(preview)).to.deep.equal(['Page 0', 'Page 1', 'Page 39']);
    });
  }

  it('goes along with every way through the list: sorting, filters, details, the number of rows', async () => {
    const [first] = await crowd();
    const shown = await olga.get(list);
    const page = await press(olga, { go: goTo(shown, 'This page') }, [first as number]);
    const links = page.document.querySelectorAll('#users a[href^="/users?"], .chips a').map((link) => link.getAttribute('href'));
    expect(links.filter((href) => !href?.includes('selection='))).to.deep.equal(
      ['/users?q=pages.example'],
      'only Clear leaves it',
    );
    expect(page.document.querySelector('#filters [name=selection]')).to.not.equal(null);
  });

  it('loses who is ticked no more', async () => {
    const [first, second] = await crowd();
    await press(olga, { go: goTo(await olga.get(list), 'This page') }, [first as number, second as number]);
    const fields = olga.page.document.querySelectorAll('#selection input[type=hidden]');
    const sent = Object.fromEntries(fields.map((field) => [field.getAttribute('name'), field.getAttribute('value') ?? '']));
    const preview = await olga.post('/users/bulk', { ...sent, user: String(second), ...deactivate } as Record<string, string>);
    expect(names(preview)).to.deep.equal(['Page 1']);
  });

  it('can be the whole page, without script', async () => {
    await crowd();
    await olga.get(list);
    const preview = await press(olga, { page: 'on', ...deactivate });
    expect(preview.text).to.include('Deactivate 25 users?');
  });

  it('can be everybody who matches, by the filter itself', async () => {
    await crowd();
    const shown = await olga.get(`${list}&state=active`);
    expect(shown.document.querySelector('.selectbar .choice')?.text.trim()).to.equal('All 40 that match');
    const preview = await press(olga, { all: 'on', ...deactivate });
    expect(preview.text).to.include('Deactivate 40 users?');
    const bulk = await site.db('bulks').first();
    expect(bulk.filter).to.deep.equal({ q: 'pages.example', state: 'active' });
  });

  it('refuses everybody who matches a filter that nobody understands: it would be everybody', async () => {
    await crowd();
    await olga.get('/users?state=odd');
    const page = await press(olga, { all: 'on', ...deactivate });
    expect(page.status).to.equal(422);
    expect(await site.db('bulks').pluck('id')).to.deep.equal([]);
  });

  it('can be a pasted list, and names who was not found', async () => {
    await olga.get('/users/bulk');
    const text = 'uma, STAN@world.example;\n"Mona Fischer" <mona@world.example>\nnobody\nno@body.example\n<script>x</script>';
    const preview = await olga.submit('/users/bulk', { ...deactivate, names: text });
    expect(preview.text)
      .to.include('Deactivate 3 users?')
      .and.include('3 names were not found: nobody, no@body.example, scriptx/script');
    expect(names(preview)).to.deep.equal(['Stan Kowalski', 'Mona Fischer', 'Uma Trucking Ltd']);
    expect(preview.html).to.not.include('<script>x');
  });

  it('takes a pasted list as a multipart form too, as browsers send it, of many thousand names', async () => {
    await olga.get('/users/bulk');
    const body = new FormData();
    const text = `uma\n${Array.from({ length: 20_000 }, (_, n) => `nobody-${n}@long.example`).join('\n')}`;
    for (const [name, value] of Object.entries({ _csrf: olga.token(), ...deactivate, names: text })) body.append(name, value);
    const preview = await olga.request('/users/bulk', { method: 'POST', body });
    expect(preview.text).to.include('Deactivate 1 user?').and.include('20,000 names were not found').and.include('19,900 more');
  });

  const unusable: [string, Record<string, string>, string, string][] = [
    ['an empty list', { ...deactivate, names: ' ,;\n ' }, 'names', 'Paste usernames'],
    ['nobody’s names', { ...deactivate, names: 'nobody' }, 'names', 'None of these'],
    ['no act', { act: '', names: 'uma' }, 'act', 'Choose what'],
    ['an act that there is not', { act: '__proto__', names: 'uma' }, 'act', 'Choose what'],
  ];
  for (const [what, fields, field, text] of unusable) {
    it(`says beside the field what is wrong with ${what}, and keeps what was typed`, async () => {
      await olga.get('/users/bulk');
      const page = await olga.submit('/users/bulk', fields);
      expect(page.status).to.equal(422);
      expect(page.document.querySelector(`#field-${field}-error`)?.text).to.include(text);
      expect(page.document.querySelector('textarea')?.text.trim()).to.equal(fields.names?.trim());
    });
  }

  it('asks for somebody when nobody is ticked', async () => {
    await olga.get(list);
    const page = await press(olga, deactivate);
    expect(page.text).to.include('Tick the users first.');
  });

  it('is nobody else’s: with another’s number one begins anew', async () => {
    const [first, second] = await crowd();
    await press(olga, { go: goTo(await olga.get(list), 'This page') }, [first as number]);
    const { searchParams } = new URL(olga.page.url);
    const oscar = await site.visitor('oscar');
    const page = await oscar.get(`${list}&selection=${searchParams.get('selection')}`);
    expect(tickedOn(page)).to.deep.equal([]);
    const preview = await press(oscar, deactivate, [second as number]);
    expect(names(preview)).to.deep.equal(['Page 1']);
  });

  it('is understood whatever is sent, and goes on only to this site’s lists', async () => {
    await olga.get('/users');
    const odd = { selection: '-1e9', shown: 'x 1 99999999999999999999 __proto__', user: '0x10', from: '//evil.example/users' };
    const page = await olga.post('/users/bulk', { ...odd, go: 'https://evil.example/' });
    expect(new URL(page.url).host).to.equal(new URL(site.address).host);
    expect(page.status).to.equal(200);
    for (const selection of ['0', '-1', 'x', '99999999999999999999', '1e3'])
      expect((await olga.get(`/users?selection=${selection}`)).status).to.equal(200);
  });
});
