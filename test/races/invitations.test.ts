import { expect } from 'chai';
import type { Doer } from '../../src/access/actor.ts';
import { acceptInvitation, type SignUp } from '../../src/invitations/accept.ts';
import { invitationBelonging } from '../../src/invitations/belonging.ts';
import { invite } from '../../src/invitations/invite.ts';
import { readLines } from '../../src/invitations/lines.ts';
import { resendInvitation } from '../../src/invitations/resend.ts';
import { revokeInvitation } from '../../src/invitations/revoke.ts';
import type { Link } from '../../src/links/links.ts';
import { addUser } from '../../src/users/add.ts';
import { deleteUser, purgeUser } from '../../src/users/remove.ts';
import { actorFor } from '../kit/actor.ts';
import { belongings } from '../kit/many.ts';
import { allAtOnce, doneAmong, openRace, type Race, racer, times } from '../kit/race.ts';

const visit = { requestId: null, address: '127.0.0.1' };
const terms = { expiresAt: null, linkDays: 7, note: '' };

describe('Invitations that race', function () {
  this.timeout(120_000);
  let race: Race;
  let olga: Doer;
  beforeEach(async () => {
    race = await openRace();
    olga = await actorFor(race.one, 'olga');
  });
  afterEach(() => race.close());

  const person = (index: number): SignUp => ({
    username: `racer-${index}`,
    name: 'Racer',
    firstName: '',
    lastName: '',
    organization: '',
    password: 'orbit-velvet-4711',
  });
  const inviteAll = (text: string, by = olga, at = race.one) => invite(at, by, { lines: readLines(text, 'customer'), terms });
  const links = (): Promise<Link[]> => race.one('links').orderBy('id');
  const racers = () => race.one('users').where('username', 'like', 'racer-%').pluck('username');

  it('make one account of a link that is used ten times at once', async () => {
    await inviteAll('zoe@race.example');
    const [link] = (await links()) as [Link];
    const ends = await allAtOnce(times(10, (index) => () => acceptInvitation(race.pool(index), link, person(index), visit)));
    expect(doneAmong(ends)).to.equal(1);
    for (const end of ends) expect(end).to.match(/^done$|^Refused: (This link has been used|There is an account)/);
    expect(await racers()).to.have.length(1);
    expect(await race.one('history').where({ act: 'invitation.accepted' })).to.have.length(1);
  });

  it('give the last place to exactly one of twenty who accept or are added at once', async () => {
    await inviteAll(times(12, (index) => `p${index}@race.example`).join('\n'));
    const { live } = await race.one('accountCounter').first();
    await race.one('settings').update({ accountLimit: live + 1 });
    const all = await links();
    const add = (index: number) => () => {
      const { password, ...who } = person(index);
      const fields = { ...racer, ...who, enabled: true, email: `${index}@race.example` };
      return addUser(race.pool(index), olga, { ...fields, access: { by: 'single_use', password } });
    };
    const accept = (link: Link, index: number) => () => acceptInvitation(race.pool(index), link, person(index), visit);
    const ends = await allAtOnce([...all.map(accept), ...times(8, (index) => add(index + 12))]);
    expect(doneAmong(ends)).to.equal(1);
    for (const end of ends) expect(end).to.match(/^done$|are in use/);
    expect(await racers()).to.have.length(1);
    expect((await race.one('accountCounter').first()).live).to.equal(live + 1);
    expect(await race.one('invitations').whereNotNull('acceptedAt')).to.have.length(ends.slice(0, 12).includes('done') ? 1 : 0);
  });

  it('let one of two who want the same username have it, and the other choose again', async () => {
    await inviteAll('a@race.example\nb@race.example');
    const all = await links();
    const ends = await allAtOnce(all.map((link, index) => () => acceptInvitation(race.pool(index), link, person(0), visit)));
    expect(ends.sort()).to.deep.equal(['Invalid: This username is taken.', 'done']);
    expect(await race.one('links').whereNotNull('usedAt')).to.have.length(1);
  });

  it('make one invitation of ten for an address in any case', async () => {
    const ends = await Promise.all(
      times(10, (index) => inviteAll(index % 2 ? 'ZOE@race.example' : 'zoe@race.example', olga, race.pool(index))),
    );
    expect(ends.flatMap(({ sent }) => sent)).to.have.length(1);
    expect(ends.flatMap(({ left }) => left).map(({ verdict }) => verdict)).to.deep.equal(times(9, () => 'invited'));
    expect(await race.one('invitations')).to.have.length(1);
    expect(await race.one('history').where({ act: 'invitation.sent' })).to.have.length(1);
  });

  it('are sent again once of ten presses', async () => {
    const { id } = (await inviteAll('zoe@race.example')).sent[0] as { id: number };
    const ends = await allAtOnce(times(10, (index) => () => resendInvitation(race.pool(index), olga, id)));
    expect(doneAmong(ends)).to.equal(1);
    expect((await links())[0]?.counter).to.equal(2);
  });

  it('are accepted or revoked, never both', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id } = (await inviteAll(`p${round}@race.example`)).sent[0] as { id: number };
      const link: Link = await race.one('links').where({ invitationId: id }).first();
      const ends = await allAtOnce([
        () => acceptInvitation(race.one, link, person(round), visit),
        () => new Promise((resolve) => setTimeout(resolve, 150 + 15 * round)).then(() => revokeInvitation(race.two, olga, id)),
      ]);
      expect(doneAmong(ends), ends.join(' / ')).to.equal(1);
    }
    const rows = await race.one('invitations').select('acceptedAt', 'revokedAt');
    for (const { acceptedAt, revokedAt } of rows) expect(Boolean(acceptedAt)).to.not.equal(Boolean(revokedAt));
    expect(await racers()).to.have.length(rows.filter(({ acceptedAt }) => acceptedAt).length);
  });

  it('make no administrator while whoever invited is losing that profile', async () => {
    await inviteAll('zoe@race.example,administrator', await actorFor(race.one, 'oscar'));
    const [link] = (await links()) as [Link];
    const demotion = await race.two.transaction();
    await demotion('users').where({ username: 'oscar' }).update({ profile: 'customer' });
    const accepting = allAtOnce([() => acceptInvitation(race.one, link, person(0), visit)]);
    while (!(await isSomebodyWaiting())) await new Promise((resolve) => setTimeout(resolve, 20));
    await demotion.commit();
    expect((await accepting)[0]).to.match(/^Refused: Whoever invited you can no longer give these rights/);
    expect(await racers()).to.deep.equal([]);
  });

  const isSomebodyWaiting = async () => {
    const waiting = race.owner('pg_stat_activity').where({ waitEventType: 'Lock' }).whereRaw('datname = current_database()');
    return (await waiting.first('pid')) !== undefined;
  };

  it('do not block whoever deletes and purges the one who invited', async () => {
    await inviteAll(times(8, (index) => `p${index}@race.example`).join('\n'), await actorFor(race.one, 'oscar'));
    const accept = (link: Link, index: number) => () => acceptInvitation(race.pool(index), link, person(index), visit);
    const purge = async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await deleteUser(race.two, olga, 'oscar', all);
      await purgeUser(race.owner, olga, 'oscar', all);
    };
    const all = [...belongings, invitationBelonging];
    const ends = await allAtOnce([...(await links()).map(accept), purge]);
    expect(ends).to.deep.equal(times(9, () => 'done'));
    expect(await race.one('invitations').whereNotNull('invitedBy')).to.deep.equal([]);
  });
});
