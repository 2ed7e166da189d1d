import { expect } from 'chai';
import { endLostConnections } from '../src/connection/end.ts';
import { templateOf } from '../src/mail/catalogue.ts';
import { connectTo, letTimeEnd } from './kit/connection.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';

describe('The letter about a visit', () => {
  const { site, olga } = siteForEach('olga');
  beforeEach(() => turnMailOn(site));

  const visited = async () => (await lettersTo(site, 'uma')).filter(({ kind }) => kind === 'visited');
  const leave = async () => {
    await olga.get('/my');
    await olga.submit('/disconnect');
  };

  it('says who it was, why, how far, what was changed, and where the whole stands', async () => {
    await connectTo(olga, 'uma', { reason: 'Ticket 12' });
    await olga.get('/my/trackers/new');
    await olga.submit('/my/trackers/new', { name: 'Box one' });
    await olga.get('/users/uma/refill');
    await olga.submit('/users/uma/refill', { amount: '25' });
    expect(await visited(), 'while it lasts').to.deep.equal([]);
    await leave();
    const [letter, ...more] = await visited();
    expect(more).to.deep.equal([]);
    const { name } = await site.db('users').where({ username: 'olga' }).first('name');
    const { subject, says } = templateOf('visited');
    const data = letter?.data ?? {};
    expect(subject(data)).to.equal(`${name} was connected to your account`);
    const text = says(data).join('\n');
    expect(text).to.include('Reason: Ticket 12').and.include('– Added Box one').and.include('– Refilled the balance');
    expect(text)
      .to.include('with the right to change things')
      .and.match(/stands under Visits when you sign in: visit \d+\.$/);
    expect(JSON.stringify(data)).to.not.include('olga@');
  });

  it('says that nothing was changed, and names the first of very many changes', async () => {
    await connectTo(olga, 'uma', { mode: 'read' });
    await leave();
    const [letter] = await visited();
    expect(templateOf('visited').says(letter?.data ?? {})).to.include('Nothing was changed.');
    await connectTo(olga, 'uma');
    for (let index = 0; index < 22; index += 1) {
      await olga.get('/my/objects/new');
      await olga.submit('/my/objects/new', { name: `Truck ${index}` });
    }
    await leave();
    const says = templateOf('visited').says((await visited())[1]?.data ?? {});
    expect(says).to.include('And 2 more.');
    expect(says.filter((line) => line.startsWith('– ')).length).to.equal(20);
  });

  it('is written whatever signs the changed texts hold, where they are cut short too', async () => {
    await connectTo(olga, 'uma');
    for (const before of ['', 'x']) {
      await olga.get('/my/objects/new');
      await olga.submit('/my/objects/new', { name: `${before}${'😀'.repeat(49)}`, description: '😀'.repeat(900) });
    }
    await leave();
    expect(olga.page.status).to.equal(200);
    const [letter] = await visited();
    expect(letter?.data.changes?.split('\n')).to.have.length(2);
    expect(letter?.data.changes)
      .to.match(/😀…\n/)
      .and.not.match(/\p{Cs}/u);
  });

  it('that cannot be written leaves the others to come', async () => {
    const oscar = await site.visitor('oscar');
    await connectTo(olga, 'uma');
    await connectTo(oscar, 'ines');
    await site.db('users').where({ username: 'uma' }).update({ timeZone: 'Nowhere' });
    await letTimeEnd(site);
    const failed = await endLostConnections(site.db).catch((error) => error);
    expect(failed).to.be.instanceOf(AggregateError);
    expect((await lettersTo(site, 'ines')).filter(({ kind }) => kind === 'visited')).to.have.length(1);
  });

  it('comes also when the time is over, once, and when another connection replaces it', async () => {
    await connectTo(olga, 'uma');
    await letTimeEnd(site);
    await endLostConnections(site.db);
    await endLostConnections(site.db);
    await olga.get('/users');
    expect((await visited()).length).to.equal(1);
    await connectTo(olga, 'uma');
    await connectTo(olga, 'ines');
    expect((await visited()).length).to.equal(2);
  });

  it('is not written when the setting is off, to whoever is deleted, or without outgoing mail', async () => {
    await site.db('settings').update({ connectionTold: false });
    await connectTo(olga, 'uma');
    await leave();
    await site.db('settings').update({ connectionTold: true });
    await connectTo(olga, 'uma');
    await site.db('users').where({ username: 'uma' }).update({ deletedAt: new Date() });
    await olga.get('/users');
    expect((await site.db('connections').orderBy('id', 'desc').first()).endedBy).to.equal('standing');
    await site.db('users').where({ username: 'uma' }).update({ deletedAt: null });
    await site.db('settings').update({ outgoingMail: false });
    await connectTo(olga, 'uma');
    await leave();
    expect(await visited()).to.deep.equal([]);
  });
});
