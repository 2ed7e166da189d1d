import { expect } from 'chai';
import { worldPassword } from '../seeds/world.ts';
import { system } from '../src/access/actor.ts';
import { giveSingleUsePassword } from '../src/users/credentials.ts';
import { unlockUser } from '../src/users/unlock.ts';
import { openSite, type Site } from './kit/site.ts';
import type { Page, Visitor } from './kit/visitor.ts';

let site: Site;

async function tryAs(visitor: Visitor, identifier: string, password: string = worldPassword): Promise<Page> {
  if (!visitor.page || visitor.page.status === 429) await visitor.get('/sign-in');
  return visitor.submit('/sign-in', { identifier, password });
}

async function failTimes(times: number, identifiers: string[], visitor?: Visitor): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const page = await tryAs(visitor ?? (await site.visitor()), identifiers[time % identifiers.length] as string, 'wrong words');
    expect(page.status).to.equal(422);
  }
}

/** A visitor whose browser has signed in as this user before, and has signed out since. */
async function oldBrowser(name: string): Promise<Visitor> {
  const visitor = await site.visitor();
  await tryAs(visitor, name);
  await visitor.submit('/sign-out');
  return visitor;
}

const userOf = (username: string) => site.db('users').where({ username }).first();
const isIn = (page: Page) => new URL(page.url).pathname !== '/sign-in';

describe('Refusing to let in', () => {
  beforeEach(async () => {
    site = await openSite();
  });
  afterEach(() => site.close());

  describe('A refused sign-in', () => {
    /** Everything that an answer shows, less what is new in every answer and what was typed. */
    function shown({ status, html, headers }: Page, identifier: string) {
      const nonce = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '';
      const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
      const body = html.replaceAll(nonce, '').replaceAll(token, '').replaceAll(`value="${identifier}"`, '');
      const own = ['x-request-id', 'date', 'content-security-policy', 'content-length', 'set-cookie'];
      const kept = [...headers].filter(([name]) => !own.includes(name));
      return { status, body, kept, cookies: headers.getSetCookie().map((line) => line.split('=')[0]) };
    }

    const tries: [what: string, identifier: string, password: string][] = [
      ['an unknown name', 'no-such-user', worldPassword],
      ['an unknown address', 'nobody@nowhere.example', worldPassword],
      ['a wrong password', 'uma', 'wrong words'],
      ['an empty password', 'stan', ''],
      ['an empty password for nobody', 'no-such-one', ''],
      ['a locked user', 'lea', worldPassword],
      ['an invited user without password', 'ivo', worldPassword],
      ['an invited user and an empty password', 'ivo', ''],
      ['an inactive user', 'nina', worldPassword],
      ['an expired user', 'xena', worldPassword],
      ['a deleted user', 'dora', worldPassword],
      ['a locked user and a wrong password', 'lea@world.example', 'wrong words'],
      ['an unverified user and a wrong password', 'vera', 'wrong words'],
      ['a suspended user and a wrong password', 'sue', 'wrong words'],
      ['a user who asks to be let in, and a wrong password', 'rita', 'wrong words'],
      ['an administrator and a wrong password', 'olga', 'wrong words'],
      ['a federated user', 'gus', worldPassword],
      ['a federated user and an empty password', 'gus', ''],
      ['a user with a single-use password that has expired', 'mona', worldPassword],
    ];

    it('looks the same whatever the reason', async () => {
      const reference = shown(await tryAs(await site.visitor(), 'zzzzz', 'wrong words'), 'zzzzz');
      expect(reference.status).to.equal(422);
      expect(reference.body).to.include('That did not work.');
      await site.db('users').where({ username: 'gus' }).update({ identitySource: 'federated' });
      await site.db('users').where({ username: 'mona' }).update({ mustChangePassword: true, singleUseExpiresAt: '2026-11-01' });
      for (const [what, identifier, password] of tries) {
        const page = await tryAs(await site.visitor(), identifier, password);
        expect(shown(page, identifier), what).to.deep.equal(reference);
      }
    });

    it('looks the same for a password of 10 kB, whoever it is for', async () => {
      const long = 'x'.repeat(10_000);
      const [uma, nobody] = [await tryAs(await site.visitor(), 'uma', long), await tryAs(await site.visitor(), 'zzz', long)];
      expect(shown(uma, 'uma')).to.deep.equal(shown(nobody, 'zzz'));
      expect(uma.status).to.equal(422);
    });

    it('looks the same when the tries are used up, whether there is such a user or not', async () => {
      await failTimes(5, ['uma']);
      await failTimes(5, ['zzz']);
      const [uma, nobody] = [await tryAs(await site.visitor(), 'uma'), await tryAs(await site.visitor(), 'zzz')];
      expect(shown(uma, 'uma')).to.deep.equal(shown(nobody, 'zzz'));
    });

    it('keeps what was typed, but never the password', async () => {
      const page = await tryAs(await site.visitor(), 'uma', 'wrong words');
      expect(page.document.querySelector('input[name=identifier]')?.getAttribute('value')).to.equal('uma');
      expect(page.html).to.not.include('wrong words');
    });

    it('is what an empty form gets too', async () => {
      const page = await tryAs(await site.visitor(), '', '');
      expect([page.status, page.text.includes('That did not work.')]).to.deep.equal([422, true]);
    });

    it('answers other things than texts as bad input', async () => {
      const visitor = await site.visitor();
      await visitor.get('/sign-in');
      const fields: [string, string][] = [
        ['_csrf', visitor.token()],
        ['identifier', 'uma'],
        ['identifier', 'olga'],
        ['password', worldPassword],
      ];
      expect((await visitor.post('/sign-in', fields)).status).to.equal(422);
    });
  });

  describe('Too many failed sign-ins', () => {
    it('lock the account at the fifth, and the right password then gets the same answer', async () => {
      await failTimes(4, ['uma']);
      expect((await userOf('uma')).lockedAt).to.equal(null);
      await failTimes(1, ['uma']);
      expect((await userOf('uma')).lockedAt).to.be.a('date');
      const page = await tryAs(await site.visitor(), 'uma');
      expect(page.status).to.equal(422);
      expect(page.text).to.include('That did not work.');
      expect(await site.db('history').where({ act: 'user.locked', userId: site.ids.uma })).to.have.length(1);
    });

    it('count once, however the user was named', async () => {
      await failTimes(5, ['uma', 'UMA', ' uma', 'uma@world.example', 'UMA@World.Example']);
      expect((await userOf('uma')).lockedAt).to.be.a('date');
    });

    it('lock nobody else', async () => {
      await failTimes(5, ['uma']);
      expect(isIn(await tryAs(await site.visitor(), 'stan'))).to.equal(true);
    });

    it('do not lock when a right one comes between', async () => {
      await failTimes(4, ['uma']);
      expect(isIn(await tryAs(await site.visitor(), 'uma'))).to.equal(true);
      await failTimes(4, ['uma']);
      expect((await userOf('uma')).lockedAt).to.equal(null);
    });

    it('lock until somebody unlocks, not until the window ends', async () => {
      await failTimes(5, ['uma']);
      await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
      expect(isIn(await tryAs(await site.visitor(), 'uma'))).to.equal(false);
      await unlockUser(site.db, system('test'), 'uma');
      expect(isIn(await tryAs(await site.visitor(), 'uma'))).to.equal(true);
    });

    it('are forgiven with a single-use password', async () => {
      await failTimes(5, ['uma']);
      const by = system('test');
      await giveSingleUsePassword(site.db, by, 'uma', 'handed-over-once');
      const page = await tryAs(await site.visitor(), 'uma', 'handed-over-once');
      expect(new URL(page.url).pathname).to.equal('/account/password');
    });

    it('are forgotten after a while when there were fewer', async () => {
      await failTimes(4, ['uma']);
      await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
      await failTimes(4, ['uma']);
      expect((await userOf('uma')).lockedAt).to.equal(null);
    });

    it('do not end what is signed in', async () => {
      const uma = await site.visitor('uma');
      await failTimes(5, ['uma']);
      expect((await userOf('uma')).lockedAt).to.be.a('date');
      expect((await uma.get('/account')).text).to.include('uma@world.example');
    });

    it('do not keep out a browser that has signed in before', async () => {
      const uma = await oldBrowser('uma');
      await failTimes(5, ['uma']);
      expect((await userOf('uma')).lockedAt).to.be.a('date');
      expect(isIn(await tryAs(uma, 'uma'))).to.equal(true);
      expect((await userOf('uma')).lockedAt, 'the others stay out').to.be.a('date');
      expect(isIn(await tryAs(await site.visitor(), 'uma'))).to.equal(false);
    });

    it('count apart for a browser that has signed in before: it waits, and locks nobody', async () => {
      const uma = await oldBrowser('uma');
      await failTimes(5, ['uma'], uma);
      expect(isIn(await tryAs(uma, 'uma')), 'its tries are used up').to.equal(false);
      expect((await userOf('uma')).lockedAt).to.equal(null);
      expect(isIn(await tryAs(await site.visitor(), 'uma')), 'from elsewhere').to.equal(true);
    });

    it('count apart only for the account that the browser has signed in to', async () => {
      const uma = await oldBrowser('uma');
      await failTimes(5, ['stan'], uma);
      expect((await userOf('stan')).lockedAt).to.be.a('date');
    });

    it('never lock the last able administrator, who only waits', async () => {
      await site.db('users').where({ username: 'oscar' }).update({ state: 'STATE_SUSPENDED' });
      await failTimes(5, ['olga']);
      expect((await userOf('olga')).lockedAt).to.equal(null);
      expect(isIn(await tryAs(await site.visitor(), 'olga'))).to.equal(false);
      await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
      expect(isIn(await tryAs(await site.visitor(), 'olga'))).to.equal(true);
    });

    it('lock one of two administrators and then not the other', async () => {
      await failTimes(5, ['olga']);
      await failTimes(5, ['oscar']);
      expect((await userOf('olga')).lockedAt).to.be.a('date');
      expect((await userOf('oscar')).lockedAt).to.equal(null);
    });

    it('fill the history only while they count', async () => {
      await failTimes(8, ['uma']);
      expect(await site.db('history').where({ act: 'sign-in.failed' })).to.have.length(5);
    });
  });
});
