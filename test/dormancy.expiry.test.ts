import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { remindOfExpiry } from '../src/dormancy/expiry.ts';
import { templateOf } from '../src/mail/catalogue.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';

describe('The day on which an account ends', () => {
  let site: Site;
  const run = () => remindOfExpiry(site.db);
  const endsIn = (name: Name, days: number) =>
    site
      .db('users')
      .where({ username: name })
      .update({ expiresAt: site.db.raw('now() + make_interval(days => ?)', [days]) });
  const kinds = async (name: Name) => (await lettersTo(site, name)).map(({ kind }) => kind);
  const row = (name: Name) => site.db('users').where({ username: name }).first();

  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
  });
  afterEach(() => site.close());

  it('is told to its user seven days before, once', async () => {
    await endsIn('uma', 8);
    await run();
    expect(await kinds('uma')).to.deep.equal([]);
    await endsIn('uma', 7);
    await run();
    await run();
    const [letter, ...more] = await lettersTo(site, 'uma');
    const on = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format((await row('uma')).expiresAt);
    expect([letter?.kind, letter?.data, letter?.state, more]).to.deep.equal(['expires-soon', { on }, 'queued', []]);
    expect((await row('uma')).version).to.equal(1);
  });

  it('is told again when it is another day, and once more when it is over', async () => {
    await endsIn('uma', 3);
    await run();
    await endsIn('uma', 30);
    await run();
    await endsIn('uma', 5);
    await run();
    await endsIn('uma', -1);
    await run();
    await run();
    expect(await kinds('uma')).to.deep.equal(['expires-soon', 'expires-soon', 'expired']);
  });

  it('is no news any more after a week', async () => {
    await endsIn('uma', -8);
    await run();
    expect(await kinds('uma')).to.deep.equal([]);
  });

  it('is told to nobody who could not come in anyway, or who wants no reminders; that it is over, to them too', async () => {
    for (const name of ['ivo', 'nina', 'sue', 'rita', 'rex', 'dora', 'uma', 'flo'] as const) await endsIn(name, 2);
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: ['reminders'] });
    await run();
    expect(await site.db('letters').pluck('address')).to.deep.equal(['flo@world.example']);
    await endsIn('uma', 0);
    await run();
    expect(await kinds('uma')).to.deep.equal(['expired']);
  });

  it('waits for outgoing mail', async () => {
    await site.db('settings').update({ outgoingMail: false });
    await endsIn('uma', 2);
    await run();
    await turnMailOn(site);
    await run();
    expect(await kinds('uma')).to.deep.equal(['expires-soon']);
  });

  it('is told in full sentences, as everything else that comes to an end', () => {
    const data = { on: '31 May 2027', days: '97', restoreDays: '30' };
    const kinds = [
      'expires-soon',
      'expired',
      'dormant-warned',
      'dormant-deactivated',
      'dormant-deletion-set',
      'dormant-deleted',
    ] as const;
    for (const kind of kinds) {
      for (const given of [data, { ...data, on: '' }]) {
        const { subject, says, why } = templateOf(kind);
        for (const text of [...says(given), why(given)])
          expect(text, kind)
            .to.match(/^[A-Z].*\.$/)
            .and.not.match(/undefined|!/);
        expect(subject(data), kind).to.match(/^[A-Z].*[^.]$/);
      }
    }
    expect(templateOf('dormant-warned').says(data).join(' ')).to.include('97 days').and.include('On 31 May 2027');
    expect(
      templateOf('dormant-warned')
        .says({ ...data, on: '' })
        .join(' '),
    ).to.not.include('deactivated');
  });
});
