import { expect } from 'chai';
import { type Authenticator, authenticator, otherKey, type Wrong, wrongPasskeys } from './kit/authenticator.ts';
import { alertOf } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { challengeFrom, pathOf, typePassword, withApp, withPasskey } from './kit/twofactor.ts';
import type { Visitor } from './kit/visitor.ts';

let site: Site;
let device: Authenticator;

const open = async () => {
  site = await openSite();
  device = authenticator(site.address);
  await withPasskey(await site.visitor('uma'), device);
  await site.db('sessions').delete();
};
const sessions = () => site.db('sessions').where({ userId: site.ids.uma });
const forgetProof = () => site.db('sessions').update({ confirmedAt: site.db.raw(`now() - interval '11 minutes'`) });

describe('A passkey as the second step, and as proof', () => {
  beforeEach(open);
  afterEach(() => site.close());

  async function answer(visitor: Visitor, from = device, wrong: Wrong = {}) {
    const { options } = await challengeFrom(visitor, '/two-factor/challenge');
    await visitor.get('/two-factor');
    return visitor.submit('/two-factor', { passkey: from.get(options, wrong) });
  }

  it('lets in after the password, also where the device has only been touched', async () => {
    const uma = await site.visitor();
    expect(pathOf(await typePassword(uma, 'uma'))).to.equal('/two-factor');
    expect(uma.page.text).to.include('Use a passkey').and.include('Recovery code');
    const { options } = await challengeFrom(uma, '/two-factor/challenge');
    expect(options.allowCredentials.map(({ id }: { id: string }) => id)).to.deep.equal([device.id]);
    await uma.get('/two-factor');
    const page = await uma.submit('/two-factor', { passkey: device.get(options, { isVerified: false }) });
    expect(pathOf(page)).to.equal('/my');
  });

  for (const [what, wrong] of wrongPasskeys) {
    it(`refuses one ${what}`, async () => {
      const uma = await site.visitor();
      await typePassword(uma, 'uma');
      const page = await answer(uma, device, wrong);
      expect([page.status, alertOf(page) !== '']).to.deep.equal([422, true]);
      expect(await sessions()).to.deep.equal([]);
    });
  }

  it('refuses one of somebody else', async () => {
    await withApp(site, 'stan');
    const stan = await site.visitor();
    await typePassword(stan, 'stan');
    expect((await answer(stan)).status).to.equal(422);
    expect(await site.db('sessions')).to.deep.equal([]);
  });

  it('gives no challenge to who has typed no password', async () => {
    const visitor = await site.visitor();
    await visitor.get('/sign-in');
    expect((await challengeFrom(visitor, '/two-factor/challenge')).status).to.equal(409);
  });

  it('takes no answer that was asked for something else', async () => {
    const uma = await site.visitor();
    await uma.get('/sign-in');
    await typePassword(uma, 'uma');
    const { options } = await challengeFrom(uma, '/sign-in/challenge');
    await uma.get('/two-factor');
    expect((await uma.submit('/two-factor', { passkey: device.get(options) })).status).to.equal(422);
  });

  it('proves who it is, where its holder was recognised', async () => {
    const uma = await site.visitor('uma');
    await forgetProof();
    const confirm = async (from: Authenticator, wrong: Wrong = {}) => {
      await uma.get('/confirm?next=%2Faccount%2Ftwo-factor');
      const { options } = await challengeFrom(uma, '/confirm/challenge');
      await uma.get('/confirm?next=%2Faccount%2Ftwo-factor');
      return uma.submit('/confirm', { your_passkey: from.get(options, wrong) });
    };
    for (const wrong of [{ isVerified: false }, { key: otherKey }, { origin: 'https://evil.test' }])
      expect((await confirm(device, wrong)).status, JSON.stringify(wrong)).to.equal(422);
    expect(pathOf(await confirm(device))).to.equal('/account/two-factor');
    expect((await uma.get('/account/two-factor/codes')).html).to.not.include('your_password');
  });

  it('proves nothing with somebody else’s', async () => {
    const [stan, theirs] = [await site.visitor('stan'), authenticator(site.address)];
    await withPasskey(stan, theirs);
    await forgetProof();
    await stan.get('/confirm');
    const { options } = await challengeFrom(stan, '/confirm/challenge');
    await stan.get('/confirm');
    expect((await stan.submit('/confirm', { your_passkey: device.get(options) })).status).to.equal(422);
  });
});
