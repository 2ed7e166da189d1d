import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import type { Actor } from '../src/access/actor.ts';
import { ruleOf } from '../src/access/acts.ts';
import { can } from '../src/access/can.ts';
import { routes } from '../src/routes.ts';
import type { Route } from '../src/web/route.ts';
import { siteForEach } from './kit/site.ts';
import { modes } from './kit/visitor.ts';

/** The first parts of addresses, and who may come there: an address that is in no row fails the test below. */
const rooms: [prefix: RegExp, who: 'everybody' | 'members' | 'staff' | 'administrators'][] = [
  [/^\/(objects|trackers|cameras|things)(\/|$)/, 'staff'],
  [/^\/groups(\/:id(\/(objects|trackers|cameras|things))?)?$/, 'staff'],
  [/^\/groups\//, 'administrators'],
  [/^\/(sign-in|sign-out|setup|theme|two-factor)(\/challenge)?$/, 'everybody'],
  [/^\/(activate|forgot-password|reset-password|password-strength)(\/|$)/, 'everybody'],
  [/^\/(register|verify-email)(\/|$)|^\/account-deleted$/, 'everybody'],
  [/^\/(confirm(\/challenge)?)?$/, 'members'],
  [/^\/(account|notifications)(\/|$)/, 'members'],
  [/^\/my\/balance\/transactions\/:id\/cancel$/, 'administrators'],
  [/^\/my(\/|$)/, 'members'],
  [/^\/(tariffs|payments)(\/|$)/, 'administrators'],
  [/^\/invitations\/accept(\/|$)/, 'everybody'],
  [/^\/feedback(\/|$)/, 'administrators'],
  [/^\/(users|invitations|history|undo|disconnect|settings|mail|announcements|imports?|exports?)(\/|\.|$)/, 'administrators'],
];

const roomOf = (path: string) => rooms.find(([prefix]) => prefix.test(path))?.[1];

/** One of each kind: profiles, restricted standings, and who must choose a password first. */
const people: (Name | null)[] = [null, 'stan', 'gus', 'mona', 'april', 'uma', 'rita', 'sue', 'rex', 'vera'];

/** What a request may leave behind although it was refused. */
const free = ['history', 'history_words', 'history_unsealed', 'attempts'];

const addressOf = (path: string, username = 'ines') => path.replace(':username', username).replace(/:\w+/g, '1');

describe('Every address', () => {
  const { site } = siteForEach();

  it('stands in the list of who may come there', () => {
    expect(routes.filter(([, path]) => !roomOf(path)).map(([, path]) => path)).to.deep.equal([]);
  });

  it('asks for an act that fits where it stands', () => {
    const uma = { profile: 'customer', state: 'STATE_APPROVED', isVerified: true } as Actor;
    const stan = { ...uma, profile: 'standard' } as const;
    for (const [method, path, act] of routes) {
      const who = can(null, act) ? 'everybody' : can(uma, act) ? 'members' : can(stan, act) ? 'staff' : 'administrators';
      expect(who, `${method} ${path}`).to.equal(roomOf(path));
    }
  });

  for (const name of people) {
    for (const mode of modes) {
      it(`is closed to ${name ?? 'visitors'} without its act, and nothing is written (${mode})`, async () => {
        const visitor = await site.visitor(name, mode);
        await visitor.get(name ? '/account' : '/sign-in');
        const token = visitor.token();
        const actor = name && (await actorLike(name));
        const closed = routes.filter(([, , act]) => !can(actor, act));
        const before = await fingerprint();
        for (const [method, path] of closed) await refused(method, path);
        expect(await fingerprint()).to.deep.equal(before);

        async function refused(method: Route[0], path: string) {
          const fields = { _csrf: token, profile: 'administrator', enabled: 'on', reason: 'x', password: 'velvet-orbit-kettle' };
          const address = addressOf(path);
          const page = method === 'get' ? await visitor.get(address) : await visitor.post(address, fields);
          const what = `${method} ${path} for ${name}`;
          if (name) expect(page.status, what).to.equal(403);
          else if (mode === 'htmx') expect([page.status, page.headers.get('hx-redirect')], what).to.deep.equal([401, '/sign-in']);
          else expect(new URL(page.url).pathname, what).to.equal('/sign-in');
          expect(page.text, what).to.not.include('ines@world.example');
        }
      }).timeout(60_000);
    }
  }

  for (const mode of ['full', 'read'] as const) {
    it(`is closed to an administrator who is connected (${mode}) where the user’s profile does not lead or looking is not enough`, async () => {
      const olga = await connected('uma', mode);
      const token = olga.token();
      const actor = (await actorLike('olga')) as Actor;
      const user = { id: site.ids.uma, username: 'uma', name: 'Uma', email: '', profile: 'customer' } as const;
      const connection = { id: 1, mode, endsAt: new Date(), user };
      const closed = routes.filter(([, , act]) => !can({ ...actor, connection }, act));
      expect(closed.some(([, path]) => path.startsWith('/my'))).to.equal(mode === 'read');
      const before = await fingerprint();
      for (const [method, path] of closed) {
        const address = addressOf(path, 'uma');
        const page =
          method === 'get' ? await olga.get(address) : await olga.post(address, { _csrf: token, subject: String(user.id) });
        expect(page.status, `${method} ${path}`).to.equal(403);
      }
      expect(await fingerprint()).to.deep.equal(before);
    }).timeout(60_000);

    it(`does nothing to the account of the user to whom an administrator is connected (${mode})`, async () => {
      const olga = await connected('uma', mode);
      const token = olga.token();
      const upon = routes.filter(
        ([method, path, act]) =>
          method === 'post' && path.includes(':username') && act !== 'connect user' && !ruleOf(act).uponConnected,
      );
      expect(upon.length).to.be.greaterThan(12);
      const before = await fingerprint();
      const done: string[] = [];
      for (const [, path] of upon) {
        const { version } = await site.db('users').where({ username: 'uma' }).first('version');
        const fields = {
          _csrf: token,
          version: String(version),
          reason: 'x',
          name: 'Else',
          email: 'else@world.example',
          to: 'ines',
          password: 'velvet-orbit-kettle',
        };
        const page = await olga.post(addressOf(path, 'uma'), fields);
        if (![403, 404, 409, 422].includes(page.status)) done.push(`${path} ${page.status}`);
      }
      expect(done).to.deep.equal([]);
      expect(await fingerprint()).to.deep.equal(before);
    }).timeout(60_000);
  }

  /** Olga, who has connected to somebody, on a page with a form. */
  async function connected(name: Name, mode: 'full' | 'read') {
    const olga = await site.visitor('olga');
    await olga.get(`/users/${name}/connect`);
    await olga.submit(`/users/${name}/connect`, { reason: 'A call', mode });
    await olga.get('/account');
    return olga;
  }

  it('notes in the history who was refused what', async () => {
    const uma = await site.visitor('uma');
    await uma.get('/users/stan/edit');
    const [row] = await site.db('history').where({ act: 'access.denied' });
    expect(row).to.include({ outcome: 'refused', actorId: site.ids.uma });
    const words = await site.db('historyWords').where({ historyId: row.id, part: 'user' }).first();
    expect(words.words.facts)
      .to.include({ method: 'GET' })
      .and.have.property('path')
      .that.matches(/^\/users\/.+\/edit$/);
  });

  it('takes nobody for somebody else because of what is sent along', async () => {
    const visitor = await site.visitor();
    const id = String(site.ids.olga);
    const claims = { 'x-user-id': id, 'x-forwarded-user': 'olga', authorization: `Bearer ${id}`, 'remote-user': 'olga' };
    const page = await visitor.get(`/users?user_id=${id}&userId=${id}&as=olga&sid=${id}&roster=${id}`, claims);
    expect(new URL(page.url).pathname).to.equal('/sign-in');
  });

  async function actorLike(name: Name) {
    const { id, profile, state, emailVerifiedAt } = await site.db('users').where({ username: name }).first();
    return { id, profile, state, isVerified: emailVerifiedAt !== null } as Parameters<typeof can>[0];
  }

  /** Every table's rows as one digest, but for what a refusal may leave. */
  async function fingerprint(): Promise<Record<string, string>> {
    const { rows } = await site.db.raw(`select tablename from pg_tables where schemaname = 'public' order by 1`);
    const digests: Record<string, string> = {};
    for (const { tablename } of rows as { tablename: string }[]) {
      if (free.includes(tablename)) continue;
      const found = await site.db.raw(`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from ?? t`, [
        tablename,
      ]);
      digests[tablename] = found.rows[0].sum;
    }
    return digests;
  }
});
