import { expect } from 'chai';
import { siteForEach } from './kit/site.ts';
import { modes, type Page } from './kit/visitor.ts';

describe('The list of users', () => {
  const { site } = siteForEach();

  for (const mode of modes) {
    describe(`as ${mode}`, () => {
      it('shows everybody who is not deleted', async () => {
        const olga = await site.visitor('olga', mode);
        const page = await olga.get('/users');
        expect(page.status).to.equal(200);
        expect(page.text).to.include('Uma Trucking Ltd').and.not.include('Dora Deleted');
        expect(page.html.includes('<html')).to.equal(mode === 'plain');
      });

      it('opens the fourteen lines of a user in place', async () => {
        const olga = await site.visitor('olga', mode);
        const page = await olga.get('/users?open=uma');
        const labels = page.document.querySelectorAll('#user-uma dt').map((label) => label.text);
        expect(labels).to.deep.equal([
          'Name',
          'Mail Verified',
          'Balance',
          'UNP',
          'Registered',
          'User Type',
          'Phone',
          'Legal Address',
          'Bank Account',
          'Email',
          'Additional Information',
          'Postal Address',
          'Bank',
          'Preferred map',
        ]);
      });
    });
  }

  it('has the buttons of the details in the row and on their own page', async () => {
    const olga = await site.visitor('olga');
    const buttons = (page: Page, where: string) =>
      page.document.querySelectorAll(`${where} button`).map(({ text }) => text.trim());
    for (const [name, label] of [
      ['uma', 'Deactivate User'],
      ['nina', 'Activate User'],
    ] as const) {
      expect(buttons(await olga.get(`/users?open=${name}`), `#details-${name}`)).to.include(label);
      expect(buttons(await olga.get(`/users/${name}/details`), 'form')).to.include(label);
    }
    expect(buttons(await olga.get('/users?open=olga'), '#details-olga')).to.deep.equal([]);
  });

  it('keeps phone, description, the number of things and the last sign-in for wide screens', async () => {
    const page = await (await site.visitor('olga')).get('/users');
    const labels = page.document.querySelectorAll('td.opt').map((cell) => cell.getAttribute('data-label'));
    expect(page.document.querySelectorAll('th.opt').map(({ text }) => text.trim())).to.deep.equal([
      'Phone',
      'Description',
      'Things',
      'Last sign-in',
    ]);
    expect(labels).to.have.length(4 * 17);
    expect([...new Set(labels)]).to.deep.equal(['Phone', 'Description', 'Things', 'Last sign-in']);
  });

  const found: [query: string, usernames: string[]][] = [
    ['q=uma', ['uma']],
    ['q=291234567', ['uma']],
    ['q=SMIRNOVA', ['ines']],
    ['q=ines+smir', ['ines']],
    ['q=петро', ['vera']],
    ['q=19027', ['uma']],
    ['q=%25%25%25', []],
    ['q=vi', []],
    ['q=iv', ['ivo']],
    ['state=locked', ['lea']],
    ['state=suspended,rejected&sort=username', ['rex', 'sue']],
    ['state=unverified', ['vera']],
    ['state=expired', ['xena']],
    ['profile=monitor', ['mona']],
    ['verified=no', ['vera']],
    ['type=legal', ['uma']],
    ['expires=never&profile=group', ['gus']],
    ['last=never&profile=standard', ['stan']],
    ['registered=%3C2020-01-01', []],
    ['balance=%3E0', []],
  ];
  for (const [query, usernames] of found) {
    it(`finds ${usernames.join(', ') || 'nobody'} by ${decodeURIComponent(query)}`, async () => {
      const olga = await site.visitor('olga');
      const page = await olga.get(`/users?${query}`);
      expect(page.status).to.equal(200);
      expect(page.document.querySelectorAll('tbody').map((row) => row.id.replace('user-', ''))).to.deep.equal(usernames);
    });
  }

  it('says what a filter may hold when it does not understand it', async () => {
    const olga = await site.visitor('olga');
    const page = await olga.get('/users?last=soon');
    expect(page.status).to.equal(422);
    expect(page.text).to.include('Last sign-in does not know “soon”');
  });
});
