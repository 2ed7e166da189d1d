import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { states } from '../src/access/standing.ts';
import { accountKey } from '../src/users/attempts.ts';
import { checkOf, enter, failing, mend, saysOf, verdict } from './kit/check.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Page, type Visitor } from './kit/visitor.ts';

let site: Site;

const update = (username: string, change: object) => site.db('users').where({ username }).update(change);

const dormant = { dormantAt: '2026-11-01T08:00:00Z', dormantDueAt: '2099-02-01T08:00:00Z' };

type Kind = {
  what: string;
  username: Name;
  broken?: () => Promise<unknown>;
  /** The one check that does not pass, what it came to, and words of its answer. */
  check: string;
  says: string;
  entersAs: string;
  filled?: Record<string, string>;
  /** The password that the fix gives, where it gives one. */
  password?: string;
};

const reset = { filled: { password: 'pear-lamp-77' }, password: 'pear-lamp-77' };
const singleUse = (endsAt: string) => ({ mustChangePassword: true, singleUseExpiresAt: endsAt });

const kinds: Kind[] = [
  { what: 'a deleted user', username: 'dora', check: 'deletion stops', says: 'there is no such account', entersAs: 'out' },
  {
    what: 'an invited user who has never finished',
    username: 'ines',
    broken: () => update('ines', { state: 'STATE_INVITED' }),
    check: 'state stops',
    says: 'Invited, and never finished',
    entersAs: 'out',
  },
  {
    what: 'an inactive user whom the rule for dormant accounts has deactivated',
    username: 'nina',
    broken: () => update('nina', { stateReason: 'Nobody had signed in.', ...dormant }),
    check: 'state stops',
    says: 'for dormant accounts, 1 Nov 2026, 08:00 UTC. It will be deleted 1 Feb 2099, 08:00 UTC. Reason: Nobody had',
    entersAs: 'out',
  },
  { what: 'an inactive user', username: 'nina', check: 'state stops', says: 'Deactivated', entersAs: 'out' },
  {
    what: 'a suspended user',
    username: 'sue',
    check: 'state limits',
    says: 'opens only the own profile, password and sessions, with the reason. Reason: Invoice 1043 is not paid.',
    entersAs: 'restricted',
  },
  { what: 'a rejected user', username: 'rex', check: 'state limits', says: 'We could not reach you', entersAs: 'restricted' },
  { what: 'a user who asks to be let in', username: 'rita', check: 'state limits', says: 'approved', entersAs: 'restricted' },
  { what: 'a locked user', username: 'lea', check: 'lock stops', says: 'Locked after too many failed', entersAs: 'out' },
  {
    what: 'a user with an unverified address',
    username: 'vera',
    check: 'address limits',
    says: 'vera@world.example is not verified',
    entersAs: 'restricted',
    filled: { email_verified: 'on' },
  },
  {
    what: 'an expired user',
    username: 'xena',
    check: 'expiry stops',
    says: 'The account ended 30 Jun 2026',
    entersAs: 'out',
    filled: { expires_at: '' },
  },
  {
    what: 'a user without password',
    username: 'stan',
    broken: () => update('stan', { passwordHash: null }),
    check: 'password stops',
    says: 'has no password',
    entersAs: 'out',
    ...reset,
  },
  {
    what: 'a single-use password that has expired',
    username: 'uma',
    broken: () => update('uma', singleUse('2026-11-01T08:00:00Z')),
    check: 'singleUse stops',
    says: 'expired | It waited for its sign-in until 1 Nov 2026, 08:00 UTC',
    entersAs: 'out',
    ...reset,
  },
  {
    what: 'a single-use password that was used and not replaced',
    username: 'uma',
    broken: () => update('uma', { ...singleUse('1970-01-01T00:00:00Z'), lastSignInAt: '2026-11-02T09:30:00Z' }),
    check: 'singleUse stops',
    says: 'used, not replaced | It was used 2 Nov 2026, 09:30 UTC',
    entersAs: 'out',
    ...reset,
  },
];

describe('Why a user cannot sign in', () => {
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  for (const { what, username, broken, check, says, entersAs, filled, password } of kinds) {
    it(`is told of ${what}, and what stands beside it mends it`, async () => {
      await broken?.();
      expect(await enter(site, username)).to.equal(entersAs);
      const page = await olga.get(checkOf(username));
      expect(failing(page)).to.deep.equal([check]);
      const name = check.split(' ')[0] as string;
      expect(saysOf(page, name)).to.include(says);
      expect((await mend(olga, username, name, filled)).status).to.equal(200);
      expect(await enter(site, username, { password })).to.equal(password ? 'must choose a password' : 'in');
      if (!password) expect(failing(await olga.get(checkOf(username)))).to.deep.equal([]);
    });
  }

  it('is told of a federated user, whom no password lets in: the identity provider knows', async () => {
    await update('gus', { identitySource: 'federated', passwordHash: null });
    const page = await olga.get(checkOf('gus'));
    expect(failing(page)).to.deep.equal(['identitySource stops']);
    expect(saysOf(page, 'identitySource')).to.include('at the identity provider');
    expect(saysOf(page, 'password')).to.match(/^Not asked/);
    expect(page.document.querySelectorAll('.fixes a, .fixes form')).to.deep.equal([]);
    expect(verdict(page)).to.equal('Gus Nordberg cannot sign in');
  });

  it('is told of an invited user without password: what mends one mends the other', async () => {
    const page = await olga.get(checkOf('ivo'));
    expect(failing(page)).to.deep.equal(['password stops', 'state stops']);
    const form = page.document.querySelector('#check-state .fixes form');
    expect(form?.getAttribute('action')).to.equal('/users/ivo/activation-email');
    await mend(olga, 'ivo', 'password', { password: 'pear-lamp-77' });
    const after = await olga.get(checkOf('ivo'));
    expect(failing(after)).to.deep.equal(['singleUse limits']);
    expect(saysOf(after, 'singleUse')).to.include('must then be replaced');
    expect(await enter(site, 'ivo', { password: 'pear-lamp-77' })).to.equal('must choose a password');
  });

  it('shows everything at once that stands in the way, in the order in which signing in meets it', async () => {
    const past = '2026-06-30T23:59:59Z';
    await update('nina', { lockedAt: past, expiresAt: past, emailVerifiedAt: null, ...singleUse(past) });
    const soon = site.db.raw(`now() + interval '5 minutes'`);
    await site.db('attempts').insert({ key: accountKey(site.ids.nina), count: 5, windowEndsAt: soon });
    const page = await olga.get(checkOf('nina'));
    const all = ['tries stops', 'lock stops', 'singleUse stops', 'expiry stops', 'state stops', 'address limits'];
    expect(failing(page)).to.deep.equal(all);
    expect(verdict(page)).to.equal('Nina Costa cannot sign in');
    await mend(olga, 'nina', 'singleUse', { password: 'pear-lamp-77' });
    await mend(olga, 'nina', 'expiry', { expires_at: '' });
    await mend(olga, 'nina', 'state');
    await mend(olga, 'nina', 'address', { email_verified: 'on' });
    expect(failing(await olga.get(checkOf('nina')))).to.deep.equal(['singleUse limits']);
    expect(await enter(site, 'nina', { password: 'pear-lamp-77' })).to.equal('must choose a password');
  });

  for (const mode of modes) {
    it(`says that nothing does, with what was seen last, as ${mode}`, async () => {
      await enter(site, 'uma');
      await enter(site, 'uma', { password: 'wrong words' });
      const page = await (await site.visitor('olga', mode)).get(checkOf('uma'));
      expect(failing(page)).to.deep.equal([]);
      expect(page.document.querySelectorAll('.check.passes')).to.have.length(10);
      expect(verdict(page)).to.equal('Nothing keeps Uma Trucking Ltd from signing in');
      expect(page.text).to.match(/Last sign-in\s*\d+ \w+ \d{4}/);
      expect(page.text).to.match(/Open sessions\s*1 /);
      expect(page.text).to.match(/Last failed tries .* UTC\s*127\.0\.0\.1/);
      expect(page.document.querySelector('#verdict a')?.getAttribute('href')).to.equal('/users/uma/reset-password');
    });
  }

  it('offers nothing that would be refused, whatever the state', async () => {
    for (const state of states) {
      for (const passwordHash of [null, 'x']) {
        await update('ines', { state, passwordHash, lockedAt: '2026-06-30T23:59:59Z' });
        const page = await olga.get(checkOf('ines'));
        const direct = page.document.querySelectorAll('.fixes form').map((form) => form.getAttribute('action') as string);
        for (const action of direct) {
          await update('ines', { state, passwordHash, lockedAt: '2026-06-30T23:59:59Z' });
          await site.db('letters').delete(); // Of mails there are not two in a minute.
          const offered = (await olga.get(checkOf('ines'))).document.querySelectorAll('.fixes form');
          // What was done before may have taken it away: a new link voids the one that was to be copied.
          if (!offered.some((form) => form.getAttribute('action') === action)) continue;
          expect((await olga.submit(action)).status, `${action} of ${state}`).to.equal(200);
        }
      }
    }
  });

  it('offers a deleted user’s restoring alone, and not even that when its days are over', async () => {
    await update('dora', { lockedAt: '2026-06-30T23:59:59Z' });
    const fixes = (page: Page) => page.document.querySelectorAll('.fixes a, .fixes form');
    const page = await olga.get(checkOf('dora'));
    expect(fixes(page).map((fix) => fix.text.trim())).to.deep.equal(['Restore']);
    expect(saysOf(page, 'lock')).to.include('restore it first');
    await update('dora', { deletedAt: site.db.raw(`now() - interval '31 days'`) });
    const late = await olga.get(checkOf('dora'));
    expect(fixes(late)).to.deep.equal([]);
    expect(saysOf(late, 'deletion')).to.include('can only be purged');
  });

  it('does not offer to oneself what nobody does to itself', async () => {
    expect((await olga.get(checkOf('olga'))).document.querySelector('#verdict a')).to.equal(null);
    await update('olga', { passwordHash: null });
    const page = await olga.get(checkOf('olga'));
    expect(page.document.querySelector('#check-password .fixes a')).to.equal(null);
    expect(saysOf(page, 'password')).to.include('Change your own password under My account.');
  });

  it('is one press away on each of the user’s pages and in the menu of its row', async () => {
    for (const path of ['/users/uma', '/users/uma/sessions', '/users/uma/history', '/users/uma/menu', '/users/dora']) {
      const link = (await olga.get(path)).document.querySelectorAll('a').find((one) => one.text.includes('Why can’t this user'));
      expect(link?.getAttribute('href'), path).to.match(/^\/users\/(uma|dora)\/sign-in-check$/);
    }
  });

  it('leads back to itself after a fix', async () => {
    for (const [username, check] of [
      ['nina', 'state'],
      ['lea', 'lock'],
      ['rita', 'state'],
    ] as const)
      expect(new URL((await mend(olga, username, check)).url).pathname).to.equal(checkOf(username));
    const edited = await mend(olga, 'vera', 'address', { email_verified: 'on' });
    expect(new URL(edited.url).pathname).to.equal(checkOf('vera'));
  });

  for (const name of ['stan', 'gus', 'mona', 'april', 'uma', 'sue'] as const) {
    it(`is nothing for ${name}, not even about oneself`, async () => {
      const visitor = await site.visitor(name);
      for (const username of ['lea', 'nobody', name]) {
        const page = await visitor.get(checkOf(username));
        expect(page.status).to.equal(403);
        expect(page.text).to.not.include('Locked');
        const refused = await visitor.post(`/users/${username}/clear-tries`, {});
        expect(refused.status).to.equal(403);
      }
    });
  }
});
