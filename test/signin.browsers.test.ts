import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { authenticator } from './kit/authenticator.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { showPasskey, typeCode, typePassword, withApp, withPasskey } from './kit/twofactor.ts';
import type { Visitor } from './kit/visitor.ts';

describe('Signing in from a new browser', () => {
  const { site } = siteForEach();
  beforeEach(async () => {
    await turnMailOn(site);
    await site.db('users').where({ username: 'uma' }).update({ lastSignInAt: '2026-11-01' });
  });

  const letters = async () => (await lettersTo(site, 'uma')).filter(({ kind }) => kind === 'new-browser');
  const again = async (visitor: Visitor) => {
    await visitor.submit('/sign-out');
    return typePassword(visitor, 'uma');
  };

  it('is told by mail: which browser, from where, when', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    const agent = { 'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Safari/605' };
    await uma.post('/sign-in', { identifier: 'uma', password: worldPassword }, agent);
    const [letter] = await letters();
    expect(letter?.data).to.include({ device: 'Safari on macOS' });
    expect(letter?.data.address).to.match(/127\.0\.0\.1$/);
    expect(letter?.data.at).to.match(/^\d{1,2} \w{3,4} \d{4}, \d\d:\d\d UTC$/);
  });

  it('says the time in the zone of the user', async () => {
    await site.db('users').where({ username: 'uma' }).update({ timeZone: 'Europe/Minsk' });
    await typePassword(await site.visitor(), 'uma');
    expect((await letters())[0]?.data.at).to.match(/ GMT\+3$/);
  });

  it('is told once for each browser', async () => {
    const uma = await site.visitor();
    await typePassword(uma, 'uma');
    for (let time = 0; time < 2; time += 1) await again(uma);
    expect(await letters()).to.have.length(1);
    await typePassword(await site.visitor(), 'uma');
    expect(await letters()).to.have.length(2);
  });

  it('is not told of the very first sign-in, nor of one that failed or was not finished', async () => {
    await site.db('users').where({ username: 'stan' }).update({ lastSignInAt: null });
    const stan = await site.visitor();
    await typePassword(stan, 'stan');
    expect(await lettersTo(site, 'stan')).to.deep.equal([]);
    await typePassword(await site.visitor(), 'uma', 'wrong words');
    const { app } = await withApp(site, 'uma');
    const uma = await site.visitor();
    await typePassword(uma, 'uma');
    expect(await letters()).to.deep.equal([]);
    await typeCode(uma, await app.code());
    expect(await letters()).to.have.length(1);
  });

  it('is told of a passkey too', async () => {
    const device = authenticator(site.address);
    await withPasskey(await site.visitor('uma'), device);
    await showPasskey(await site.visitor(), device);
    expect(await letters()).to.have.length(1);
  });

  it('is not told to an address that was never verified: it may be a stranger’s, whom anybody could have written to so', async () => {
    await site.db('users').where({ username: 'uma' }).update({ emailVerifiedAt: null });
    for (let time = 0; time < 3; time += 1) expect((await typePassword(await site.visitor(), 'uma')).status).to.equal(200);
    expect(await letters()).to.deep.equal([]);
  });

  it('is not told to who has turned that off', async () => {
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: ['signIn'] });
    await typePassword(await site.visitor(), 'uma');
    expect(await letters()).to.deep.equal([]);
  });
});
