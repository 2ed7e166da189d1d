import { expect } from 'chai';
import { setupToken } from '../src/signin/setup.ts';
import { siteForEach, testSecret } from './kit/site.ts';

const token = setupToken(testSecret);
const first = {
  username: 'ada',
  email: 'ada@world.example',
  name: 'Ada',
  password: 'velvet-orbit-kettle',
  password_confirmation: 'velvet-orbit-kettle',
};

describe('Setting up', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await site.db('users').delete();
  });

  const users = () => site.db('users').orderBy('id').select('username', 'profile', 'state', 'mustChangePassword');

  it('makes the first administrator with the link of the log, and signs it in', async () => {
    const ada = await site.visitor();
    await ada.get(`/setup?token=${token}`);
    const page = await ada.submit('/setup', first);
    expect(new URL(page.url).pathname).to.equal('/');
    expect(await users()).to.deep.equal([
      { username: 'ada', profile: 'administrator', state: 'STATE_APPROVED', mustChangePassword: false },
    ]);
    const acts = await site.db('history').orderBy('id').pluck('act');
    expect(acts).to.deep.equal(['user.added', 'session.started']);
  });

  it('says where the link is, and makes nobody without it', async () => {
    const visitor = await site.visitor();
    for (const wrong of ['', `${token}x`, token.slice(1), token.toUpperCase(), 'undefined', '%00']) {
      const page = await visitor.get(`/setup?token=${wrong}`);
      expect(page.text, wrong).to.include('/setup?token=');
      expect(page.document.querySelector('form[action="/setup"]'), wrong).to.equal(null);
      await visitor.get(`/setup?token=${token}`);
      expect((await visitor.post('/setup', { ...first, token: wrong })).status, wrong).to.equal(403);
    }
    await visitor.get(`/setup?token=${token}`);
    const twice: [string, string][] = [...Object.entries(first), ['_csrf', visitor.token()], ['token', token], ['token', token]];
    expect((await visitor.post('/setup', twice)).status).to.equal(403);
    expect(await users()).to.deep.equal([]);
  });

  it('keeps what was typed, but no password, when something needs mending', async () => {
    const visitor = await site.visitor();
    const mend: [changes: Record<string, string>, says: string][] = [
      [{ username: 'A B' }, 'Small letters and digits'],
      [{ username: 'new' }, 'This word is reserved'],
      [{ email: 'ada' }, 'One address such as'],
      [{ password: 'short', password_confirmation: 'short' }, '10 characters or more.'],
      [{ password_confirmation: 'another-one-here' }, 'The two passwords differ.'],
    ];
    for (const [changes, says] of mend) {
      await visitor.get(`/setup?token=${token}`);
      const page = await visitor.submit('/setup', { ...first, ...changes });
      expect([page.status, page.text.includes(says)], says).to.deep.equal([422, true]);
      expect(page.document.querySelector('input[name=name]')?.getAttribute('value')).to.equal('Ada');
      expect(page.html).to.not.include('velvet-orbit-kettle');
    }
    expect(await users()).to.deep.equal([]);
  });

  it('is over once there is an administrator, link or not', async () => {
    const visitor = await site.visitor();
    await visitor.get(`/setup?token=${token}`);
    await site
      .db('users')
      .insert({ username: 'eve', email: 'eve@x.example', name: 'Eve', profile: 'administrator', state: 'STATE_INACTIVE' });
    expect((await visitor.post('/setup', { ...first, token })).status).to.equal(404);
    expect((await visitor.get(`/setup?token=${token}`)).status).to.equal(404);
    expect((await users()).map(({ username }) => username)).to.deep.equal(['eve']);
  });

  it('is not over for a customer’s sake', async () => {
    await site.db('users').insert({ username: 'eve', email: 'eve@x.example', name: 'Eve', state: 'STATE_APPROVED' });
    expect((await (await site.visitor()).get(`/setup?token=${token}`)).status).to.equal(200);
  });
});
