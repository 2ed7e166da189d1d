import { expect } from 'chai';
import { lettersTo } from './kit/letters.ts';
import { listed } from './kit/reading.ts';
import { openRegistration, signUp, zoe } from './kit/registration.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Requests for an account', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    await openRegistration(site);
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  const told = () => site.db('letters').where({ kind: 'registration-requested' }).orderBy('id').pluck('address');
  const tab = () => olga.page.document.querySelector('.tabs a[href="/users?state=requested"]');
  const register = async (number: number) =>
    signUp(await site.visitor(), { ...zoe, username: `zoe-${number}`, email: `zoe-${number}@new.example` });

  it('are counted where administrators look, and listed behind the count', async () => {
    await register(1);
    for (const path of ['/users', '/users/deleted', '/users/bulk']) {
      await olga.get(path);
      expect(tab()?.text, path).to.equal('Requests2');
      expect(tab()?.getAttribute('aria-current'), path).to.equal(undefined);
    }
    const page = await olga.get('/users?state=requested');
    expect(listed(page)).to.have.members(['rita', 'zoe-1']);
    expect(tab()?.getAttribute('aria-current')).to.equal('page');
  });

  it('are not spoken of while there are none', async () => {
    await site.db('users').where({ username: 'rita' }).update({ state: 'STATE_APPROVED' });
    await olga.get('/users');
    expect(tab()).to.equal(null);
    await olga.get('/users?state=requested');
    expect(tab()?.text).to.equal('Requests0');
  });

  it('are counted to a hundred', async () => {
    await site.db.raw(`insert into users (username, email, name, state)
      select 'many-' || n, n || '@many.example', 'Many', 'STATE_REQUESTED' from generate_series(1, 100) n`);
    await olga.get('/users');
    expect(tab()?.text).to.equal('Requests99+');
  });

  for (const mode of modes) {
    it(`are approved where they are listed (${mode})`, async () => {
      await register(1);
      olga = await site.visitor('olga', mode);
      await olga.get('/users?state=requested&open=zoe-1');
      const page = await olga.submit('/users/zoe-1/approve');
      expect(page.text).to.include('has been approved');
      expect((await site.db('users').where({ username: 'zoe-1' }).first()).state).to.equal('STATE_APPROVED');
      expect(listed(await olga.get('/users?state=requested'))).to.deep.equal(['rita']);
    });
  }

  it('are told to every administrator who could act, and to nobody else', async () => {
    await site.db('users').where({ username: 'rita' }).update({ state: 'STATE_APPROVED' });
    await site.db('users').where({ username: 'stan' }).update({ profile: 'administrator', state: 'STATE_INACTIVE' });
    await site.db('users').where({ username: 'mona' }).update({ profile: 'administrator', emailVerifiedAt: null });
    await site.db('users').where({ username: 'xena' }).update({ profile: 'administrator' });
    await site.db('users').where({ username: 'flo' }).update({ profile: 'administrator', expiresAt: '2099-01-01' });
    await register(1);
    expect(await told()).to.deep.equal(['olga@world.example', 'oscar@world.example', 'flo@world.example']);
    const [letter] = await lettersTo(site, 'olga');
    expect(letter?.data).to.include({ username: 'zoe-1', name: 'Zoë Ivanova', email: 'zoe-1@new.example' });
  });

  it('are told once an hour while they pile up', async () => {
    for (const number of [1, 2, 3]) await register(number);
    expect(await told()).to.deep.equal(['olga@world.example', 'oscar@world.example']);
    await site
      .db('attempts')
      .where({ key: 'requests told' })
      .update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
    await register(4);
    expect(await told()).to.have.length(4);
  });

  it('are told again when all before have been decided', async () => {
    await site.db('users').where({ username: 'rita' }).update({ state: 'STATE_APPROVED' });
    await register(1);
    await olga.get('/users/zoe-1');
    await olga.submit('/users/zoe-1/approve');
    await register(2);
    expect(await told()).to.have.length(4);
    await register(3);
    expect(await told()).to.have.length(4);
  });

  it('are not told to an administrator who does not want it', async () => {
    await site
      .db('users')
      .where({ username: 'oscar' })
      .update({ mutedLetters: site.db.raw(`array['requests']`) });
    await register(1);
    expect(await told()).to.deep.equal(['olga@world.example']);
  });
});
