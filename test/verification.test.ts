import { expect } from 'chai';
import { issueLink } from '../src/links/links.ts';
import { sendVerification } from '../src/users/verifylink.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Verifying an address', () => {
  const { site } = siteForEach();
  let visitor: Visitor;
  beforeEach(async () => {
    await turnMailOn(site);
    visitor = await site.visitor();
  });

  const row = () => site.db('users').where({ username: 'vera' }).first();
  const isVerified = async () => (await row()).emailVerifiedAt !== null;

  /** A link of Vera, who is Active and unverified: its path as the mail would bring it. */
  async function send(): Promise<string> {
    const vera = await row();
    const by = { id: vera.id, username: 'vera', sessionId: null, requestId: null, address: '' };
    await site.db.transaction((trx) => sendVerification(trx, by, vera));
    return (await lettersTo(site, 'vera')).at(-1)?.link ?? 'no link';
  }

  async function follow(link: string, from = visitor) {
    await from.get(link);
    return from.submit('/verify-email');
  }

  /** Sends a form that the page at hand may not have. */
  async function force(path: string, from = visitor) {
    await from.get('/sign-in');
    return from.post(path, {});
  }

  for (const mode of modes) {
    it(`is done by the button of the link’s page, signed in or not (${mode})`, async () => {
      visitor = await site.visitor(null, mode);
      const opened = await visitor.get(await send());
      expect(new URL(opened.url).pathname, 'the token is out of the address').to.equal('/verify-email');
      expect(opened.text).to.include('vera@world.example was given as the address of the account vera');
      const page = await visitor.submit('/verify-email');
      expect(new URL(page.url).pathname).to.equal('/verify-email/done');
      expect(page.text).to.include('Your address is verified');
      expect(await isVerified()).to.equal(true);
      const act = await onlyActUpon(site, site.ids.vera);
      expect(act).to.include({ act: 'user.verified', actor: 'vera', user: 'vera', address: '127.0.0.1', outcome: 'done' });
      expect(Object.keys(act.changes)).to.deep.equal(['emailVerifiedAt']);
    });
  }

  it('opens everything to whoever is signed in as the account, and keeps that session', async () => {
    const vera = await site.visitor('vera');
    expect((await vera.get('/account')).text).to.include('Your address is not verified');
    const page = await follow(await send(), vera);
    expect(page.url).to.match(/\/account$/);
    expect(page.text).to.include('vera@world.example is verified.').and.not.include('Your address is not verified');
    expect((await onlyActUpon(site, site.ids.vera)).act).to.equal('user.verified');
  });

  it('ends every session that was opened before, but for the one that does it', async () => {
    const [own, other] = [await site.visitor('vera'), await site.visitor('vera')];
    await follow(await send(), own);
    expect((await own.get('/account')).status).to.equal(200);
    expect((await other.get('/account')).url).to.include('/sign-in');
  });

  it('ends all of them when it is done elsewhere: whoever registered with a stranger’s address is out', async () => {
    const attacker = await site.visitor('vera');
    await follow(await send());
    expect((await attacker.get('/account')).url).to.include('/sign-in');
    expect(await site.db('sessions').where({ userId: site.ids.vera })).to.deep.equal([]);
  });

  it('takes back another address that was asked for before', async () => {
    const link = await site.db.transaction((trx) =>
      issueLink(trx, 'email-change', { userId: site.ids.vera, email: 'mine@attacker.example' }),
    );
    await follow(await send());
    expect((await site.db('links').where({ id: link.id }).first()).voidedAt).to.be.a('date');
    expect((await row()).email).to.equal('vera@world.example');
  });

  it('leaves somebody else who is signed in where it was, and is recorded as that somebody’s act', async () => {
    const olga = await site.visitor('olga');
    const page = await follow(await send(), olga);
    expect(new URL(page.url).pathname).to.equal('/verify-email/done');
    expect(await onlyActUpon(site, site.ids.vera)).to.include({ act: 'user.verified', actor: 'olga' });
    expect((await olga.get('/users')).status).to.equal(200);
  });

  it('is not done by opening the link, by GET or HEAD, however often', async () => {
    const link = await send();
    for (const method of ['GET', 'HEAD', 'GET']) await visitor.request(link, { method });
    for (const method of ['GET', 'HEAD']) await visitor.request('/verify-email', { method });
    expect(await isVerified()).to.equal(false);
    expect(await actsUpon(site, site.ids.vera)).to.deep.equal([]);
    expect((await site.db('links').first()).usedAt).to.equal(null);
  });

  it('needs the token of its form', async () => {
    await visitor.get(await send());
    expect((await visitor.post('/verify-email', { _csrf: 'wrong' })).status).to.equal(403);
    expect(await isVerified()).to.equal(false);
  });

  it('is done once: the link says so when it is used again, also in another browser', async () => {
    const link = await send();
    await follow(link);
    for (const from of [visitor, await site.visitor(), await site.visitor('vera')]) {
      const page = await from.get(link);
      expect([page.status, page.text.includes('It was verified already')]).to.deep.equal([200, true]);
      const again = await force('/verify-email', from);
      expect(new URL(again.url).pathname).to.equal('/verify-email/already');
    }
    expect(await actsUpon(site, site.ids.vera)).to.have.length(1);
  });

  it('works by the newest link only', async () => {
    const older = await send();
    const newer = await send();
    const page = await visitor.get(older);
    expect([page.status, page.text.includes('A newer link has replaced it')]).to.deep.equal([410, true]);
    expect((await force('/verify-email')).status).to.equal(410);
    expect(await isVerified()).to.equal(false);
    await follow(newer);
    expect(await isVerified()).to.equal(true);
  });

  it('does not work with a token that was changed, or with none', async () => {
    const link = await send();
    const [, id, counter, mac] = /\/([^/.]+)\.([^.]+)\.(.+)$/.exec(link) ?? [];
    const other = (mac as string).replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const token of [
      'x',
      `${id}.${counter}.${other}`,
      `${id}1.${counter}.${mac}`,
      `${id}.${counter}.${mac}a`,
      '%00',
      'x'.repeat(5000),
    ]) {
      const page = await visitor.get(`/verify-email/${token}`);
      expect([page.status, page.text.includes('This link does not work')], token).to.deep.equal([404, true]);
      expect((await force('/verify-email')).status, token).to.equal(404);
      expect((await force('/verify-email/again')).status, token).to.equal(404);
    }
    expect((await (await site.visitor()).get('/verify-email')).status).to.equal(404);
    expect(await isVerified()).to.equal(false);
  });

  it('does not work with a link of another kind', async () => {
    const link = await site.db.transaction((trx) =>
      issueLink(trx, 'reset', { userId: site.ids.vera, email: 'vera@world.example' }),
    );
    const { addressOfLink } = await import('../src/links/links.ts');
    const { pathname } = new URL(addressOfLink(site.context, link));
    expect((await visitor.get(pathname.replace(/^\/[^/]+/, '/verify-email'))).status).to.equal(404);
  });

  for (const [what, change] of [
    ['when the account has another address by now', { email: 'other@vera.example' }],
    ['when the account has been deleted', { deletedAt: '2026-11-01T00:00:00Z' }],
  ] as const) {
    it(`does not work ${what}`, async () => {
      const link = await send();
      await site.db('users').where({ username: 'vera' }).update(change);
      expect((await visitor.get(link)).status).to.equal(410);
      expect((await force('/verify-email')).status).to.equal(410);
      expect((await force('/verify-email/again')).status).to.equal(409);
      expect(await isVerified()).to.equal(false);
      expect(await lettersTo(site, 'vera')).to.have.length(1);
    });
  }

  describe('by a link that has waited too long', () => {
    let link: string;
    beforeEach(async () => {
      link = await send();
      await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    });

    it('offers a new one, which goes to the same address', async () => {
      const page = await visitor.get(link);
      expect([page.status, page.text.includes('It has waited too long')]).to.deep.equal([410, true]);
      expect((await force('/verify-email')).status).to.equal(410);
      await visitor.get(link);
      const sent = await visitor.submit('/verify-email/again');
      expect([new URL(sent.url).pathname, sent.text.includes('A new link is on its way')]).to.deep.equal([
        '/verify-email/sent',
        true,
      ]);
      expect(await actsUpon(site, site.ids.vera)).to.have.length(1);
      await follow((await lettersTo(site, 'vera')).at(-1)?.link ?? '');
      expect(await isVerified()).to.equal(true);
    });

    it('sends three an hour at most', async () => {
      for (let time = 0; time < 3; time += 1) {
        await visitor.get(link);
        expect((await visitor.submit('/verify-email/again')).status).to.equal(200);
      }
      await visitor.get(link);
      const page = await visitor.submit('/verify-email/again');
      expect([page.status, page.headers.get('retry-after')]).to.deep.equal([429, '3600']);
      expect(await lettersTo(site, 'vera')).to.have.length(4);
    });

    it('sends none while outgoing mail is off', async () => {
      await site.db('settings').update({ outgoingMail: false });
      await visitor.get(link);
      const page = await visitor.submit('/verify-email/again');
      expect([page.status, page.text.includes('Outgoing mail is off')]).to.deep.equal([409, true]);
    });
  });
});
