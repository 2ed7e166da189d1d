import { expect } from 'chai';
import { findLinkOrNull, issueLink, tokenOf } from '../../src/links/links.ts';
import { type From, type Registration, register } from '../../src/registration/registration.ts';
import { blankPerson } from '../../src/users/fields.ts';
import { verifyAddress } from '../../src/verification/verify.ts';
import { allAtOnce, doneAmong, openRace, type Race, times } from '../kit/race.ts';
import { testSecret } from '../kit/site.ts';

const person = { ...blankPerson, email: 'zoe@race.example', name: 'Racer', password: 'orbit-velvet-4711' };
/** Each from a network of its own: none is refused for the others. */
const from = (index: number): From => ({ address: `10.0.${index}.1`, requestId: null });

describe('Registrations at once', function () {
  this.timeout(60_000);
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
    await race.one('settings').update({ registration: 'open', outgoingMail: true });
  });
  afterEach(async () => {
    const counted = await race.one('users').where({ deletedAt: null }).count({ count: '*' }).first();
    expect((await race.one('accountCounter').first()).live, 'the kept count').to.equal(Number(counted?.count));
    await race.close();
  });
  const racers = () => race.one('users').whereLike('username', 'racer-%');
  const letters = (kind: string) => race.one('letters').where({ kind });
  const enter = (index: number, more: Partial<Registration> = {}) =>
    register(race.pool(index), from(index), {
      ...person,
      username: `racer-${index}`,
      email: `racer-${index}@race.example`,
      ...more,
    });

  it('take the last place exactly once among twenty', async () => {
    await race.one('settings').update({ accountLimit: (await race.one('accountCounter').first()).live + 1 });
    const ends = await allAtOnce(times(20, (index) => () => enter(index)));
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end.startsWith('Refused: All accounts of this console are in use'))).to.have.length(19);
    expect(await racers()).to.have.length(1);
    expect(await letters('registered')).to.have.length(1);
    expect(await race.one('history').where({ act: 'user.registered' })).to.have.length(1);
  });

  it('with one address in ten cases make one account, end alike, and write three letters', async () => {
    const cases = times(10, (index) => person.email.slice(0, index % 4).toUpperCase() + person.email.slice(index % 4));
    const ends = await allAtOnce(cases.map((email, index) => () => enter(index, { email })));
    expect(ends).to.deep.equal(times(10, () => 'done'));
    expect(await racers()).to.have.length(1);
    expect(await letters('registered')).to.have.length(1);
    expect(await letters('registered-already')).to.have.length(2);
  });

  it('with one username make one account', async () => {
    const ends = await allAtOnce(times(10, (index) => () => enter(index, { username: 'racer-x' })));
    expect(doneAmong(ends)).to.equal(1);
    expect(ends.filter((end) => end === 'Invalid: This username is taken.')).to.have.length(9);
    expect(await letters('registered')).to.have.length(1);
  });

  it('from one network are twenty an hour, exactly', async () => {
    const ends = await allAtOnce(
      times(
        25,
        (index) => () =>
          register(race.pool(index), from(0), { ...person, username: `racer-${index}`, email: `${index}@race.example` }),
      ),
    );
    expect(doneAmong(ends)).to.equal(20);
    expect(ends.filter((end) => end.startsWith('TryLater: Your network'))).to.have.length(5);
    expect(await racers()).to.have.length(20);
  });

  it('are told to each administrator once', async () => {
    await race.one('users').where({ username: 'rita' }).update({ state: 'STATE_APPROVED' });
    await allAtOnce(times(10, (index) => () => enter(index)));
    expect((await letters('registration-requested')).map(({ address }) => address).sort()).to.deep.equal([
      'olga@world.example',
      'oscar@world.example',
    ]);
  });
});

describe('One link that is used ten times at once', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
  });
  afterEach(() => race.close());

  const presser = { actor: null, address: '10.0.0.1', requestId: null };

  async function useTenTimes(purpose: 'verification' | 'email-change', email: string, userId: number) {
    const link = await race.one.transaction((trx) => issueLink(trx, purpose, { userId, email }));
    const found = await findLinkOrNull(race.one, [testSecret], tokenOf(testSecret, link), [purpose]);
    if (!found) throw new Error('The link was not found.');
    return allAtOnce(times(10, (index) => () => verifyAddress(race.pool(index), presser, found)));
  }

  it('verifies the address once', async () => {
    const ends = await useTenTimes('verification', 'vera@world.example', race.ids.vera);
    expect(ends, 'the others find it done').to.deep.equal(times(10, () => 'done'));
    expect(await race.one('history').where({ act: 'user.verified' })).to.have.length(1);
    expect(await race.one('users').where({ username: 'vera' }).first()).to.include({ version: 2 });
  });

  it('changes the address once', async () => {
    await useTenTimes('email-change', 'new@uma.example', race.ids.uma);
    expect(await race.one('history').where({ act: 'account.email-changed' })).to.have.length(1);
    expect(await race.one('users').where({ username: 'uma' }).first()).to.include({ email: 'new@uma.example', version: 2 });
  });

  it('gives an address that two ask for to one of them', async () => {
    const links = await race.one.transaction(async (trx) => [
      await issueLink(trx, 'email-change', { userId: race.ids.uma, email: 'both@new.example' }),
      await issueLink(trx, 'email-change', { userId: race.ids.ines, email: 'BOTH@new.example' }),
    ]);
    const ends = await allAtOnce(
      links.map((link, index) => () => verifyAddress(index ? race.one : race.two, presser, { link, state: 'open' })),
    );
    expect(ends.sort()).to.deep.equal([
      'Refused: This address belongs to another account by now, so nothing has been changed.',
      'done',
    ]);
    expect(await race.one('users').whereRaw(`lower(email) = 'both@new.example'`)).to.have.length(1);
  });
});
