import { expect } from 'chai';
import { stateNames, states } from '../src/access/standing.ts';
import { statesToVerify } from '../src/users/verifylink.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const path = '/users/vera/resend-verification';

describe('The mail that verifies an address', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  const row = (username: string) => site.db('users').where({ username }).first();
  const kinds = async (to: string) => (await lettersTo(site, to)).map(({ kind }) => kind);

  describe('sent again by an administrator', () => {
    for (const mode of modes) {
      it(`goes out by a button on the user’s page and in the list (${mode})`, async () => {
        olga = await site.visitor('olga', mode);
        await olga.get('/users/vera');
        const page = await olga.submit(path);
        expect(page.url).to.match(/\/users\/vera$/);
        expect(page.text).to.include('A verification mail is on its way to vera@world.example.');
        await olga.get('/users?q=vera&open=vera');
        await olga.submit(path);
        const letters = await lettersTo(site, 'vera');
        expect(letters.map(({ kind }) => kind)).to.deep.equal(['verification', 'verification']);
        expect(letters[0]?.data).to.include({ by: 'administrator' });
        const acts = await actsUpon(site, site.ids.vera);
        expect(acts.map(({ act, actor }) => [act, actor])).to.deep.equal(Array(2).fill(['user.verification-sent', 'olga']));
      });
    }

    it('has a page that says what happens, and happens by its button', async () => {
      const page = await olga.get(path);
      expect(page.text).to.include('vera@world.example gets a mail with a new link');
      expect(await lettersTo(site, 'vera')).to.deep.equal([]);
      await olga.submit(path);
      expect(await kinds('vera')).to.deep.equal(['verification']);
    });

    for (const state of states) {
      const isAsked = statesToVerify.includes(state);
      it(`is ${isAsked ? '' : 'not '}offered for somebody ${stateNames[state]}`, async () => {
        await site.db('users').where({ username: 'vera' }).update({ state });
        expect((await olga.get('/users/vera')).html.includes(path)).to.equal(isAsked);
        expect((await olga.get(path)).status).to.equal(isAsked ? 200 : 409);
        await olga.get('/users/new');
        const page = await olga.post(path, {});
        expect(page.status).to.equal(isAsked ? 200 : 409);
        if (!isAsked) expect(page.text).to.include('the link that activates the account verifies the address too');
        expect(await lettersTo(site, 'vera')).to.have.length(isAsked ? 1 : 0);
      });
    }

    it('is neither offered nor sent to whom is verified or deleted', async () => {
      expect((await olga.get('/users/uma')).html).to.not.include('resend-verification');
      const verified = await olga.post('/users/uma/resend-verification', {});
      expect([verified.status, verified.text.includes('is verified already')]).to.deep.equal([409, true]);
      await site.db('users').where({ username: 'dora' }).update({ emailVerifiedAt: null });
      expect((await olga.get('/users/dora')).html).to.not.include('resend-verification');
      expect((await olga.post('/users/dora/resend-verification', {})).status).to.equal(404);
      expect(await site.db('letters')).to.deep.equal([]);
    });

    it('goes to one address three times an hour at most', async () => {
      await olga.get('/users/vera');
      for (let time = 0; time < 3; time += 1) expect((await olga.post(path, {})).status).to.equal(200);
      const page = await olga.post(path, {});
      expect([page.status, page.text.includes('3 such mails an hour')]).to.deep.equal([429, true]);
      expect(await kinds('vera')).to.have.length(3);
      expect(await actsUpon(site, site.ids.vera)).to.have.length(3);
    });

    it('is kept for its link to be copied while outgoing mail is off', async () => {
      await site.db('settings').update({ outgoingMail: false });
      expect((await olga.get(path)).text).to.include('a new link is kept');
      const page = await olga.submit(path);
      expect(page.text).to.include('Outgoing mail is off, so no mail has left.');
      const [letter] = await lettersTo(site, 'vera');
      expect([letter?.kind, letter?.state]).to.deep.equal(['verification', 'unsent']);
    });

    for (const name of ['stan', 'uma', 'vera'] as const) {
      it(`is not for ${name} to send`, async () => {
        const visitor = await site.visitor(name);
        await visitor.get('/account');
        expect((await visitor.get(path)).status).to.equal(403);
        expect((await visitor.post(path, {})).status).to.equal(403);
        expect(await site.db('letters')).to.deep.equal([]);
      });
    }
  });

  describe('sent again to oneself', () => {
    it('is had from the own profile, in whatever state', async () => {
      await site.db('users').where({ username: 'rita' }).update({ emailVerifiedAt: null });
      for (const name of ['vera', 'rita'] as const) {
        const visitor = await site.visitor(name);
        await visitor.get('/account');
        const page = await visitor.submit('/account/verification');
        expect(page.text, name).to.include(`A verification mail is on its way to ${name}@world.example.`);
        const [letter] = await lettersTo(site, name);
        expect([letter?.kind, letter?.data.by], name).to.deep.equal(['verification', '']);
        expect(await onlyActUpon(site, site.ids[name])).to.include({ act: 'user.verification-sent', actor: name });
      }
    });

    it('comes three times an hour at most, and makes the older links void', async () => {
      const vera = await site.visitor('vera');
      await vera.get('/account');
      for (let time = 0; time < 3; time += 1) expect((await vera.post('/account/verification', {})).status).to.equal(200);
      expect((await vera.post('/account/verification', {})).status).to.equal(429);
      expect((await site.db('links').first()).counter).to.equal(3);
    });

    it('is neither offered nor sent when one is verified', async () => {
      const uma = await site.visitor('uma');
      expect((await uma.get('/account')).html).to.not.include('/account/verification');
      expect((await uma.post('/account/verification', {})).status).to.equal(409);
      expect(await site.db('letters')).to.deep.equal([]);
    });

    it('is for a monitor too, who changes nothing else', async () => {
      await site.db('users').where({ username: 'mona' }).update({ emailVerifiedAt: null });
      const mona = await site.visitor('mona');
      const page = await mona.get('/account');
      expect(page.text).to.not.include('change it below');
      await mona.submit('/account/verification');
      expect(await kinds('mona')).to.deep.equal(['verification']);
    });
  });

  describe('when an administrator edits the user', () => {
    async function edit(username: string, changes: Record<string, string>, leave: string[] = []) {
      const page = await olga.get(`/users/${username}/edit`);
      for (const name of leave) page.document.querySelector(`input[name=${name}]`)?.removeAttribute('checked');
      return olga.submit(`/users/${username}/edit`, changes);
    }

    it('goes out when Email Verified is switched off, and the sessions end', async () => {
      const uma = await site.visitor('uma');
      await edit('uma', {}, ['email_verified']);
      expect((await row('uma')).emailVerifiedAt).to.equal(null);
      expect(await kinds('uma')).to.deep.equal(['verification']);
      expect((await uma.get('/account')).url).to.include('/sign-in');
      expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.deep.equal(['user.edited']);
    });

    it('goes to a new address that is not verified, and a notice to the old one', async () => {
      await edit('uma', { email: 'new@uma.example' }, ['email_verified']);
      expect(await kinds('uma')).to.deep.equal(['email-changed-by-administrator']);
      const [letter] = await lettersTo(site, 'new@uma.example');
      expect(letter?.kind).to.equal('verification');
      const visitor = await site.visitor();
      await visitor.get(letter?.link ?? '');
      await visitor.submit('/verify-email');
      expect((await row('uma')).emailVerifiedAt).to.be.a('date');
    });

    it('is not needed for a new address that counts as verified; the old one still gets its notice', async () => {
      await edit('uma', { email: 'new@uma.example' });
      expect((await row('uma')).emailVerifiedAt).to.be.a('date');
      expect(await kinds('uma')).to.deep.equal(['email-changed-by-administrator']);
      expect(await kinds('new@uma.example')).to.deep.equal([]);
    });

    it('goes to the mended address of somebody who never verified the old one, to which nothing is told', async () => {
      await edit('vera', { email: 'right@vera.example' });
      expect(await kinds('right@vera.example')).to.deep.equal(['verification']);
      expect(await kinds('vera')).to.deep.equal([]);
    });

    it('makes void whatever was sent to the old address', async () => {
      await olga.get('/users/vera');
      await olga.submit(path);
      const [letter] = await lettersTo(site, 'vera');
      await edit('vera', { email: 'right@vera.example', email_verified: 'on' });
      expect((await (await site.visitor()).get(letter?.link ?? '')).status).to.equal(410);
    });

    it('does not go out again when something else is saved', async () => {
      await edit('vera', { phone: '+1 555 0100' });
      await edit('uma', { phone: '+1 555 0100' });
      expect(await site.db('letters')).to.deep.equal([]);
    });

    it('does not go to somebody Invited or Inactive', async () => {
      for (const name of ['ivo', 'nina'] as const) await edit(name, { email: `new@${name}.example` }, ['email_verified']);
      expect(await site.db('letters').whereLike('kind', 'verif%')).to.deep.equal([]);
    });

    it('belongs to the edit: undone, it is not sent', async () => {
      await edit('uma', {}, ['email_verified']);
      const [{ historyId }] = await site.db('letters');
      expect(historyId).to.equal((await onlyActUpon(site, site.ids.uma)).id);
    });
  });
});
