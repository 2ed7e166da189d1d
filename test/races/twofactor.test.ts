import { expect } from 'chai';
import { worldPassword } from '../../seeds/world.ts';
import { seal } from '../../src/ground/secrets.ts';
import { setUpApp } from '../../src/twofactor/app.ts';
import { newSecret } from '../../src/twofactor/authenticator.ts';
import { useAppCode } from '../../src/twofactor/codes.ts';
import { actorFor } from '../kit/actor.ts';
import { authenticator } from '../kit/authenticator.ts';
import { allAtOnce, openRace, type Race } from '../kit/race.ts';
import { cookiesOf, send } from '../kit/raw.ts';
import { serve, testSecret } from '../kit/site.ts';
import { type App, appFor, challengeFrom, typePassword, withApp, withPasskey } from '../kit/twofactor.ts';
import { Visitor } from '../kit/visitor.ts';

type Served = Awaited<ReturnType<typeof serve>>;

describe('Second factors in two processes on one database', () => {
  let race: Race;
  let sites: [Served, Served];
  let app: App;
  let codes: string[];
  beforeEach(async () => {
    race = await openRace();
    sites = [await serve({ db: race.one, owner: race.one }), await serve({ db: race.two, owner: race.two })];
    ({ app, codes } = await withApp({ db: race.one, ids: race.ids }, 'uma'));
    await race.one('settings').update({ lockFailures: 100 });
  });
  afterEach(async () => {
    for (const site of sites) {
      expect(site.failures.splice(0), 'what the server took for its own mistake').to.deep.equal([]);
      await site.close();
    }
    await race.close();
  });

  const sited = (index: number) => sites[index % 2] as Served;
  const sessions = () => race.one('sessions').where({ userId: race.ids.uma });

  /** A browser in which the password was right, its form of the second step open; what it returns sends it. */
  async function halfway(site: Served, fields: Record<string, string>) {
    const visitor = new Visitor(site.address, null, 'plain');
    await typePassword(visitor, 'uma', worldPassword);
    return sender(visitor, site, '/two-factor', fields);
  }

  function sender(visitor: Visitor, site: Served, path: string, fields: Record<string, string>) {
    const body = new URLSearchParams({ _csrf: visitor.token(), ...fields }).toString();
    const headers = { cookie: `roster=${visitor.cookies.get('roster')}`, 'content-type': 'application/x-www-form-urlencoded' };
    return async () => {
      const answer = await send(site.address, path, { method: 'POST', headers, body });
      return `${answer.status} ${answer.headers.location ?? ''} ${cookiesOf(answer.headers).some(({ name }) => name === 'roster-browser')}`;
    };
  }

  const isIn = (answer: string) => answer.endsWith('true');

  it('let one of ten in with the same recovery code', async () => {
    const forms = await Promise.all(
      Array.from({ length: 10 }, (_, index) => halfway(sited(index), { code: codes[0] as string })),
    );
    const answers = await Promise.all(forms.map((submit) => submit()));
    expect(answers.filter(isIn), answers.join('\n')).to.have.length(1);
    expect(await sessions()).to.have.length(1);
    expect(await race.one('recoveryCodes').whereNotNull('usedAt')).to.have.length(1);
  }).timeout(60_000);

  it('let one of ten in with the same code of the app', async () => {
    const code = await app.code();
    const forms = await Promise.all(Array.from({ length: 10 }, (_, index) => halfway(sited(index), { code })));
    const answers = await Promise.all(forms.map((submit) => submit()));
    expect(answers.filter(isIn), answers.join('\n')).to.have.length(1);
    expect(await sessions()).to.have.length(1);
  }).timeout(60_000);

  it('look at five of thirty codes that are guessed at once', async () => {
    await race.one('settings').update({ lockFailures: 5 });
    const right = await app.code();
    const guesses = Array.from({ length: 30 }, (_, index) => (index === 29 ? right : String(100000 + index)));
    const visitors = await Promise.all([0, 1].map((index) => opened(sited(index))));
    const submits = guesses.map((code, index) => sender(visitors[index % 2] as Visitor, sited(index), '/two-factor', { code }));
    await Promise.all(submits.map((submit) => submit()));
    const seen = await race.one('history').where({ act: 'sign-in.failed', userId: race.ids.uma });
    expect(seen.length, 'as many were looked at as there are tries').to.be.within(4, 5);
    if ((await sessions()).length === 0)
      expect((await race.one('users').where({ username: 'uma' }).first()).lockedAt).to.be.a('date');
  }).timeout(60_000);

  async function opened(site: Served): Promise<Visitor> {
    const visitor = new Visitor(site.address, null, 'plain');
    await typePassword(visitor, 'uma', worldPassword);
    return visitor;
  }

  it('take one answer of a passkey once, however often it is sent', async () => {
    const [site] = sites;
    const stan = new Visitor(site.address, null, 'plain');
    await typePassword(stan, 'stan');
    const device = authenticator(site.address);
    await withPasskey(stan, device);
    await race.one('sessions').delete();
    const visitor = new Visitor(site.address, null, 'plain');
    await visitor.get('/sign-in');
    const { options } = await challengeFrom(visitor, '/sign-in/challenge');
    await visitor.get('/sign-in');
    const submit = sender(visitor, site, '/sign-in', { passkey: device.get(options) });
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit()));
    expect(answers.filter(isIn), answers.join('\n')).to.have.length(1);
    expect(await race.one('sessions').where({ userId: race.ids.stan })).to.have.length(1);
  }).timeout(60_000);

  it('set up one app of two at once, with one set of recovery codes', async () => {
    const actor = await actorFor(race.one, 'stan');
    const secrets = [testSecret] as const;
    const set = async (db: Race['one']) => {
      const secret = newSecret();
      return setUpApp(db, actor, { secret, code: await appFor(race.one, secret).code(), secrets });
    };
    expect(await allAtOnce([() => set(race.one), () => set(race.two)])).to.deep.equal(['done', 'done']);
    expect(await race.one('authenticators').where({ userId: race.ids.stan })).to.have.length(1);
    expect(await race.one('recoveryCodes').where({ userId: race.ids.stan })).to.have.length(10);
    expect(await race.one('history').where({ act: 'account.two-factor-on', userId: race.ids.stan })).to.have.length(1);
  });

  it('read a secret that an older secret of the server has sealed, and seal it anew', async () => {
    const [newest, older] = ['another-secret-for-tests-9876543210-zyxw', testSecret];
    const use = async (secrets: readonly [string, ...string[]], aside: number) => {
      const code = await app.code(aside);
      return race.one.transaction((trx) => useAppCode(trx, secrets, race.ids.uma, code));
    };
    const sealed = async () => (await race.one('authenticators').where({ userId: race.ids.uma }).first()).sealedSecret;
    const before = await sealed();
    expect(await use([newest], -1), 'the older one was given up too early').to.equal(false);
    expect(await use([newest, older], -1)).to.equal(true);
    expect(await sealed()).to.not.equal(before);
    expect(await use([newest], 0), 'from now on it is not needed').to.equal(true);
    await race.one('authenticators').update({ sealedSecret: seal('x', app.secret), lastStep: 0 });
    expect(await use([newest, older], 1), 'a stranger’s').to.equal(false);
  });
});
