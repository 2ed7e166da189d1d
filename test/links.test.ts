import { expect } from 'chai';
import { pino } from 'pino';
import {
  findLinkOrNull,
  issueLink,
  issueLinks,
  type Link,
  linkOfUserOrNull,
  tokenOf,
  useLink,
  voidLinks,
} from '../src/links/links.ts';
import { siteForEach, testSecret } from './kit/site.ts';

describe('A link that is sent by mail', () => {
  const { site } = siteForEach();

  const uma = () => ({ userId: site.ids.uma, email: 'uma@world.example' });
  const issue = () => site.db.transaction((trx) => issueLink(trx, 'reset', uma()));
  const find = (token: unknown) => findLinkOrNull(site.db, [testSecret], token, ['reset']);
  const use = (link: Link) => site.db.transaction((trx) => useLink(trx, link));
  const stateOf = async (token: unknown) => (await find(token))?.state ?? null;

  it('is found by its token, which lies nowhere in the database', async () => {
    const link = await issue();
    const token = tokenOf(testSecret, link);
    expect((await find(token))?.link.userId).to.equal(site.ids.uma);
    const { rows } = await site.db.raw('select row_to_json(links)::text as text from links');
    const mac = token.split('.')[2] as string;
    expect(JSON.stringify(rows)).to.not.include(mac).and.not.include(Buffer.from(mac, 'base64url').toString('hex'));
  });

  it('is nothing when a letter of its token is changed, left out or added, or it is shown for another purpose', async () => {
    const token = tokenOf(testSecret, await issue());
    for (const other of [`${token}a`, token.slice(0, -1), token.toUpperCase(), token.replace('.', ''), '', null, ['a'], '1.1.x'])
      expect(await find(other), String(other)).to.equal(null);
    const [id, counter, mac] = token.split('.');
    for (const other of [`${id}0.${counter}.${mac}`, `${id}.2.${mac}`]) expect(await find(other), other).to.equal(null);
    expect(await findLinkOrNull(site.db, [testSecret], token, ['activation'])).to.equal(null);
    expect(await findLinkOrNull(site.db, ['another-secret'], token, ['reset'])).to.equal(null);
  });

  it('goes on working after the newest secret was added', async () => {
    const token = tokenOf(testSecret, await issue());
    const found = await findLinkOrNull(site.db, ['a-newer-secret', testSecret], token, ['reset']);
    expect(found?.state).to.equal('open');
  });

  it('works once', async () => {
    const link = await issue();
    await use(link);
    expect(await stateOf(tokenOf(testSecret, link))).to.equal('used');
    expect(await use(link).catch((error) => error.message)).to.match(/used, replaced or taken back/);
  });

  it('is replaced by a newer one for the same person and purpose, which works', async () => {
    const older = await issue();
    const newer = await issue();
    expect(await stateOf(tokenOf(testSecret, older))).to.equal('void');
    expect(await stateOf(tokenOf(testSecret, newer))).to.equal('open');
    expect(await use(older).catch((error) => error.message)).to.match(/replaced/);
    await use(newer);
  });

  it('works no more when its time is over or it was taken back', async () => {
    const token = tokenOf(testSecret, await issue());
    await site.db('links').update({ expiresAt: '2026-01-01T00:00:00Z' });
    expect(await stateOf(token)).to.equal('expired');
    const next = await issue();
    await site.db.transaction((trx) => voidLinks(trx, [site.ids.uma], ['reset']));
    expect(await stateOf(tokenOf(testSecret, next))).to.equal('void');
    expect((await linkOfUserOrNull(site.db, site.ids.uma, 'reset'))?.state).to.equal('void');
  });

  it('is issued to many at once, to each in its place', async () => {
    await issue();
    const holders = [{ userId: site.ids.ines, email: 'ines@world.example' }, uma()];
    const links = await site.db.transaction((trx) => issueLinks(trx, 'reset', holders));
    expect(links.map(({ userId, counter }) => [userId, counter])).to.deep.equal([
      [site.ids.ines, 1],
      [site.ids.uma, 2],
    ]);
  });

  it('stands in no line of the log when its page fails', async () => {
    const lines: string[] = [];
    site.context.log = pino({}, { write: (line: string) => void lines.push(line) });
    const token = tokenOf(testSecret, await issue());
    const visitor = await site.visitor('uma');
    await site.db.raw('alter table sessions rename to gone');
    expect((await visitor.get(`/reset-password/${token}`)).status).to.equal(500);
    expect(lines.join()).to.include('"path":"/reset-password/…"').and.not.include(token);
  });
});
