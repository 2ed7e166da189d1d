import { expect } from 'chai';
import { peopleWorld } from '../../seeds/world.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { makeDatabase } from './database.ts';
import { type Answer, type Sent, send } from './raw.ts';
import { serve, signedIn } from './site.ts';
import { Visitor } from './visitor.ts';

/** What the stories of bad input share; filled before the first of them. */
export type Target = { address: string; cookie: string; token: string; db: Db };

/**
 * A console over a committed database (a query that the database refuses would end a story's transaction) with Olga signed in.
 * After each story nothing may have gone wrong in the server, no user may have changed, and Olga may still come in.
 */
export function underAttack(): Target {
  const target = {} as Target;
  let made: Awaited<ReturnType<typeof makeDatabase>>;
  let site: Awaited<ReturnType<typeof serve>>;
  let unharmed: string;

  const users = async () =>
    JSON.stringify(
      await target
        .db('users')
        .orderBy('id')
        .select('username', 'profile', 'state', 'passwordHash', 'emailVerifiedAt', 'balanceMinor'),
    );

  before(async () => {
    made = await makeDatabase();
    target.db = openDatabase(made.serving, { size: 4 });
    const ids = await peopleWorld(target.db);
    site = await serve({ db: target.db, owner: target.db });
    const olga = new Visitor(site.address, await signedIn(target.db, ids.olga), 'plain');
    await olga.get('/account');
    Object.assign(target, { address: site.address, cookie: `roster=${olga.cookies.get('roster')}`, token: olga.token() });
    unharmed = await users();
  });
  after(async () => {
    await site?.close();
    await target.db?.destroy();
    await made?.drop();
  });
  beforeEach(async () => {
    await target.db('attempts').delete();
  });
  afterEach(async () => {
    expect(site.failures.splice(0), 'what the server took for its own mistake').to.deep.equal([]);
    expect(({} as { admin?: unknown }).admin).to.equal(undefined);
    expect(await users()).to.equal(unharmed);
    expect((await asOlga(target, '/account')).status).to.equal(200);
  });
  return target;
}

export const formType = { 'content-type': 'application/x-www-form-urlencoded' };

export const asOlga = (target: Target, path: string, sent: Sent = {}): Promise<Answer> =>
  send(target.address, path, { ...sent, headers: { cookie: target.cookie, ...sent.headers } });

/** Whatever came, it was refused or shown: no failure of ours, and nothing of the inside to be seen. */
export async function refusedOrShown(target: Target, path: string, what: string, sent: Sent = {}): Promise<void> {
  const answer = await asOlga(target, path, sent);
  expect(answer.status, `${path.slice(0, 80)} ${what}`).to.be.within(200, 499);
  expect(answer.body, what).to.not.match(/node_modules|at \w+ \(|select .* from|pwned/i);
}

/** Every form that is worth a bad one. */
export const forms = [
  '/sign-in',
  '/account',
  '/account/password',
  '/account/sessions',
  '/theme',
  '/confirm',
  '/users/new',
  '/users/uma/edit',
  '/settings',
];

/** The same, but for the one that takes an empty form for a wish. */
export const strictForms = forms.filter((path) => path !== '/account/sessions');
