import { expect } from 'chai';
import { findLinkOrNull, issueLink, type Link, type Purpose, tokenOf } from '../../src/links/links.ts';
import { activateAccount, sendActivationAgain } from '../../src/recovery/activate.ts';
import { type InHand, type Opening, withUser } from '../../src/recovery/bearer.ts';
import { answerForgotten } from '../../src/recovery/forgotten.ts';
import { recoverPassword } from '../../src/recovery/reset.ts';
import { actUpon } from '../../src/users/act.ts';
import { activationAct } from '../../src/users/activation.ts';
import { moveUser } from '../../src/users/states.ts';
import { actorFor } from '../kit/actor.ts';
import { allAtOnce, doneAmong, openRace, type Race } from '../kit/race.ts';

const secret = 'only-for-this-race-0123456789';
const from = { requestId: null, address: '127.0.0.1' };

describe('Links that open accounts, in a race', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
    await race.owner('settings').update({ outgoingMail: true });
  });
  afterEach(() => race.close());

  async function inHand(purpose: Opening & Purpose, name: 'ivo' | 'uma'): Promise<InHand> {
    const holder = { userId: race.ids[name], email: `${name}@world.example` };
    const link: Link = await race.one.transaction((trx) => issueLink(trx, purpose, holder));
    const found = await findLinkOrNull(race.one, [secret], tokenOf(secret, link), [purpose]);
    if (!found) throw new Error('The link is not found.');
    return withUser(race.one, found);
  }

  const ten = <T>(work: (index: number) => Promise<T>) => Array.from({ length: 10 }, (_, index) => () => work(index));
  const row = (username: string) => race.one('users').where({ username }).first();
  const acts = (act: string) => race.one('history').where({ act });

  it('activate once, whoever presses first, in whichever process', async () => {
    const held = await inHand('activation', 'ivo');
    const ends = await allAtOnce(ten((index) => activateAccount(race.pool(index), held, `velvet-orbit-${index}`, from)));
    expect(doneAmong(ends)).to.equal(1);
    expect(new Set(ends.filter((end) => end !== 'done').map((end) => end.split(':')[0]))).to.deep.equal(new Set(['Refused']));
    expect(await acts('account.activated')).to.have.length(1);
    expect((await row('ivo')).version).to.equal(2);
  }).timeout(30_000);

  it('set a new password once', async () => {
    const held = await inHand('reset', 'uma');
    const ends = await allAtOnce(ten((index) => recoverPassword(race.pool(index), held, `velvet-orbit-${index}`, from)));
    expect(doneAmong(ends)).to.equal(1);
    expect(await acts('account.password-recovered')).to.have.length(1);
    expect(await race.one('letters').where({ kind: 'password-changed' })).to.have.length(1);
    expect((await row('uma')).version).to.equal(2);
  }).timeout(30_000);

  it('change nothing of an account that is deactivated at the same moment, or before it', async () => {
    const olga = await actorFor(race.one, 'olga');
    for (let round = 0; round < 6; round += 1) {
      await race.one('users').where({ username: 'uma' }).update({ state: 'STATE_APPROVED' });
      const held = await inHand('reset', 'uma');
      const [reset, deactivation] = await allAtOnce([
        () => recoverPassword(race.one, held, `velvet-orbit-${round}`, from),
        () => moveUser(race.two, olga, 'uma', 'deactivate', ''),
      ]);
      expect(deactivation).to.equal('done');
      expect(reset).to.match(/^done$|^Refused: This link works no more/);
      expect((await row('uma')).state).to.equal('STATE_INACTIVE');
      expect(await race.one('links').where({ usedAt: null, voidedAt: null })).to.deep.equal([]);
    }
  }).timeout(60_000);

  it('are mailed once, when it is asked for ten times', async () => {
    const olga = await actorFor(race.one, 'olga');
    const ends = await allAtOnce(ten((index) => actUpon(race.pool(index), olga, activationAct, 'nina', {})));
    expect(doneAmong(ends)).to.equal(1);
    expect(await race.one('letters')).to.have.length(1);
    const link: Link = await race.one('links').first();
    await race.one('letters').update({ createdAt: '2026-01-01T00:00:00Z' });
    await allAtOnce(ten((index) => sendActivationAgain(race.pool(index), link, from)));
    expect(await race.one('letters')).to.have.length(2);
  });

  it('answer a question once, though two workers take it up', async () => {
    await race.one('forgotten').insert({ identifier: 'uma', address: '127.0.0.1' });
    await race.one('forgotten').insert({ identifier: 'nobody', address: '127.0.0.1' });
    const ends = await allAtOnce(ten((index) => answerForgotten(race.pool(index))));
    expect(ends.every((end) => end === 'done')).to.equal(true);
    expect(await race.one('letters')).to.have.length(1);
    expect(await race.one('forgotten')).to.deep.equal([]);
  });
});
