import { expect } from 'chai';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

const pathOf = (page: Page) => new URL(page.url).pathname;

describe('Acts upon many users', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  const stateOf = async (username: string) => (await site.db('users').where({ username }).first()).state;

  /** Ticks users on the page of the list that is open, and sends its bar with one of its buttons. */
  async function tick(visitor: Visitor, names: (keyof Site['ids'])[], more: Record<string, string>): Promise<Page> {
    const form = visitor.page.document.querySelector('form#selection');
    const hidden = form?.querySelectorAll('input[type=hidden]') ?? [];
    const kept = visitor.page.document.querySelectorAll('tbody .pick input[checked]').map((box) => box.getAttribute('value'));
    const fields: [string, string][] = [
      ...hidden.map((field): [string, string] => [field.getAttribute('name') ?? '', (field.getAttribute('value') ?? '').replaceAll('&amp;', '&')]),
      ...kept.map((id): [string, string] => ['user', id ?? '']),
      ...names.map((name): [string, string] => ['user', String(site.ids[name])]),
      ...Object.entries(more),
    ];
    return visitor.post('/users/bulk', fields);
  }

  for (const mode of modes) {
    it(`show who is refused and why, do the others, and report (${mode})`, async () => {
      const visitor = await site.visitor('olga', mode);
      await visitor.get('/users?limit=50');
      const preview = await tick(visitor, ['uma', 'stan', 'olga', 'nina'], { act: 'deactivate user' });
      expect(preview.text).to.include('Deactivate 2 of 4 users?').and.include('You cannot deactivate yourself');
      expect(preview.text).to.include('Nina Costa is Inactive: there is nothing to deactivate.');
      expect(await stateOf('uma')).to.equal('STATE_APPROVED');
      const report = await visitor.submit(`${pathOf(preview)}/run`, { reason: 'Left the company.' });
      expect(report.text).to.include('2 users deactivated. 2 users refused');
      expect([await stateOf('uma'), await stateOf('stan'), await stateOf('olga')]).to.deep.equal([
        'STATE_INACTIVE',
        'STATE_INACTIVE',
        'STATE_APPROVED',
      ]);
      expect((await site.db('users').where({ username: 'uma' }).first()).stateReason).to.equal('Left the company.');
    });
  }
});
