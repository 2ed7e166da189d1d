import { expect } from 'chai';
import { strengthOf } from '../src/users/strength.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

const about = { username: 'uma', email: 'uma.horvat@world.example' };

describe('How strong a password is', () => {
  const { site } = siteForEach();

  for (const mode of modes) {
    it(`is said to visitors, who choose passwords too, as ${mode}`, async () => {
      const visitor = await site.visitor(null, mode);
      await visitor.get('/sign-in');
      const token = visitor.token();
      const said = async (fields: Record<string, string>) =>
        (await visitor.post('/password-strength', { _csrf: token, ...fields })).document
          .querySelector('#strength-says')
          ?.text.replace(/\s+/g, ' ')
          .trim();
      expect(await said({ password: 'kettle-orbit-velvet' })).to.equal('Password strength: Strong');
      expect(await said({ password: 'kettle' })).to.include('Not yet: 10 characters or more.');
      expect(await said({ password: 'umbrella-stand-9', username: 'umbrella' })).to.include('must not hold the username');
      expect(await said({ password: 'zoe.weber-is-me', email: 'zoe.weber@world.example' })).to.include('must not hold the email');
      expect(await said({ password: '' })).to.equal('');
      expect(await said({})).to.equal('');
    });
  }

  it('is told by how it would be guessed, with what would make it better', () => {
    expect(strengthOf('aaaaaaaaaaaa', about)).to.deep.include({ score: 0, word: 'Very weak' });
    expect(strengthOf('aaaaaaaaaaaa', about)?.says).to.include('Repeated characters are easy to guess');
    expect(strengthOf('qwertyuiopas', about)?.score).to.be.lessThan(3);
    expect(strengthOf('kettle orbit velvet pear', about)).to.deep.equal({ score: 4, word: 'Strong', says: '' });
  });

  it('never says well of what the rules refuse, nor takes long for the longest', () => {
    expect(strengthOf('é'.repeat(37), about)?.says).to.include('72 bytes');
    expect(strengthOf('password123', about)?.word).to.equal('Not yet');
    strengthOf('warm-it-up-first', about);
    const started = performance.now();
    strengthOf('!i11i!il!!1lll!1ii!l|i!!||l|l1li|ll11!!|1|!1!1|!l!!!!ii1l|ll1l|i!||il!l1', about);
    expect(performance.now() - started).to.be.lessThan(250);
  });

  it('needs the token of a page of ours, and keeps nothing', async () => {
    const visitor = await site.visitor('uma');
    await visitor.get('/account/password');
    expect(visitor.page.document.querySelector('.strength')?.getAttribute('hx-post')).to.equal('/password-strength');
    const before = await site.db('history').count({ count: '*' }).first();
    expect((await visitor.post('/password-strength', { _csrf: 'x', password: 'kettle-orbit' })).status).to.equal(403);
    await visitor.get('/account/password');
    const page = await visitor.post('/password-strength', { password: 'kettle-orbit-velvet' });
    expect(page.html).to.not.include('kettle-orbit-velvet');
    expect(await site.db('history').count({ count: '*' }).first()).to.deep.equal(before);
  });

  it('is measured so often a minute for a network, and then no more', async () => {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    const token = visitor.token();
    await visitor.post('/password-strength', { _csrf: token, password: 'kettle' });
    expect(visitor.page.status).to.equal(200);
    await site.db('attempts').where('key', 'like', 'strength %').update({ count: 300 });
    const page = await visitor.post('/password-strength', { _csrf: token, password: 'kettle' });
    expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '60']);
  });

  it('takes whatever is sent for a password, or for none', async () => {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    const token = visitor.token();
    for (const password of ['\u0000'.repeat(12), '💥'.repeat(200), 'x'.repeat(5000), '\ud800abcdefghijk']) {
      const page = await visitor.post('/password-strength', {
        _csrf: token,
        password,
        username: '\u0000',
        email: '@'.repeat(9000),
      });
      expect(page.status).to.equal(200);
    }
    const list = await visitor.post('/password-strength', [
      ['_csrf', token],
      ['password', 'a'],
      ['password', 'b'],
    ]);
    expect(list.status).to.equal(200);
  });

  it('stands beside every field for a new password', async () => {
    const olga = await site.visitor('olga');
    await site.db('settings').update({ registration: 'open' });
    const visitor = await site.visitor();
    for (const path of ['/users/new', '/account/password', '/register']) {
      const meter = (await (path === '/register' ? visitor : olga).get(path)).document.querySelector('.strength');
      expect(meter?.getAttribute('role'), path).to.equal('status');
      expect(meter?.getAttribute('hx-nonce'), path).to.be.a('string');
    }
  });
});
