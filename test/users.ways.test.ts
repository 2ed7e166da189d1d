import { expect } from 'chai';
import type { Name } from '../seeds/world.ts';
import { issueLink, type Link, type Purpose, tokenOf } from '../src/links/links.ts';
import { checkOf, failing, saysOf } from './kit/check.ts';
import { siteForEach, testSecret } from './kit/site.ts';

describe('The links of a user, in its sign-in check', () => {
  const { site, olga } = siteForEach('olga');

  /** A link of 1 November, ten o’clock, that works until the 8th of a year to come. */
  async function give(name: Name, purpose: Purpose, change: object = {}): Promise<Link> {
    const email = `${name}@world.example`;
    const link = await site.db.transaction((trx) => issueLink(trx, purpose, { userId: site.ids[name], email }));
    const times = { issuedAt: '2026-11-01T10:00:00Z', expiresAt: '2099-11-08T10:00:00Z' };
    await site
      .db('links')
      .where({ id: link.id })
      .update({ ...times, ...change });
    return link;
  }

  const write = (name: Name, link: Link, letter: object) =>
    site.db('letters').insert({
      kind: 'password-changed',
      userId: site.ids[name],
      address: `${name}@world.example`,
      linkId: link.id,
      linkCounter: link.counter,
      ...letter,
    });

  const says = async (name: Name, check: string) => saysOf(await olga.get(checkOf(name)), check);

  it('is none where none was sent', async () => {
    expect(await says('ivo', 'state')).to.include('No activation link has been sent.');
    expect(await says('vera', 'address')).to.include('No verification link has been sent.');
  });

  const lives: [what: string, change: object, says: string][] = [
    ['works', {}, 'The activation link of 1 Nov 2026, 10:00 UTC works until 8 Nov 2099, 10:00 UTC.'],
    ['has run out', { expiresAt: '2026-11-08T10:00:00Z' }, 'ran out 8 Nov 2026, 10:00 UTC.'],
    ['was taken back', { voidedAt: '2026-11-02T10:00:00Z' }, 'was taken back.'],
    ['has been used', { usedAt: '2026-11-02T10:00:00Z' }, 'has been used.'],
  ];
  for (const [what, change, words] of lives) {
    it(`is said to be one that ${what}`, async () => {
      await give('ivo', 'activation', change);
      expect(await says('ivo', 'state')).to.include(words);
    });
  }

  const mails: [what: string, letter: object, says: string][] = [
    ['was sent', { state: 'sent', endedAt: '2026-11-01T10:01:00Z' }, 'Its mail was sent 1 Nov 2026, 10:01 UTC.'],
    ['waits', { state: 'queued' }, 'Its mail waits to be sent.'],
    ['waits again', { state: 'queued', serverWords: '451 later' }, 'The mail server says: “451 later”'],
    [
      'failed',
      { state: 'failed', serverWords: '550 <no> such box' },
      'could not be sent. The mail server says: “550 <no> such box”',
    ],
    ['was not sent, as mail is off', { state: 'unsent' }, 'It was not mailed, as outgoing mail was off.'],
    ['was not sent, and why', { state: 'dropped', serverWords: 'The act was undone.' }, 'not sent. The act was undone.'],
  ];
  for (const [what, letter, words] of mails) {
    it(`comes with how its mail went: one that ${what}`, async () => {
      await write('ivo', await give('ivo', 'activation'), letter);
      const page = await olga.get(checkOf('ivo'));
      expect(page.document.querySelector('#check-state p')?.textContent).to.include(words);
    });
  }

  it('is not told by the mail of the one that it replaced', async () => {
    await write('ivo', await give('ivo', 'activation'), { state: 'failed', serverWords: '550 old' });
    await give('ivo', 'activation');
    expect(await says('ivo', 'state'))
      .to.include('works until')
      .and.not.include('550 old');
  });

  it('stands beside an address that is not verified', async () => {
    await write('vera', await give('vera', 'verification'), { state: 'sent' });
    expect(await says('vera', 'address')).to.include('The verification link of 1 Nov 2026, 10:00 UTC works until');
  });

  it('is noted when it resets the password, without standing in the way', async () => {
    expect((await olga.get(checkOf('uma'))).document.querySelector('#check-reset-link')).to.equal(null);
    await write('uma', await give('uma', 'reset'), { state: 'sent' });
    const page = await olga.get(checkOf('uma'));
    expect(failing(page)).to.deep.equal([]);
    expect(saysOf(page, 'reset-link')).to.match(/^Note \| A link to reset the password is open \| .* works until/);
    await give('uma', 'reset', { expiresAt: '2026-11-08T10:00:00Z' });
    expect((await olga.get(checkOf('uma'))).document.querySelector('#check-reset-link')).to.equal(null);
  });

  it('never shows its token', async () => {
    const token = tokenOf(testSecret, await give('ivo', 'activation'));
    expect((await olga.get(checkOf('ivo'))).html).to.not.include(token.split('.').at(-1));
  });
});
