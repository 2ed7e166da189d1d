import { expect } from 'chai';
import { leave, messagesOn, rowsOn, wordsIn } from './kit/feedback.ts';
import { actsUpon, onlyActUpon } from './kit/history.ts';
import { alertOf, problem, wordsOf } from './kit/reading.ts';
import { siteForEach } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

const path = '/my/feedback';

describe('Feedback of one’s own', () => {
  const { site } = siteForEach();

  const send = async (visitor: Visitor, values: Record<string, string>) => {
    await visitor.get(`${path}/new`);
    return visitor.submit(`${path}/new`, values);
  };
  const typed = (visitor: Visitor) => visitor.page.document.querySelector('#field-text')?.textContent.trim();

  for (const mode of modes)
    it(`is left, read again and gone on with by its user, and each word is recorded (${mode})`, async () => {
      const uma = await site.visitor('uma', mode);
      const page = await send(uma, { kind: 'problem', text: 'Lorry 13 stands still.\r\nSince this morning.' });
      expect(page.url).to.match(/\/my\/feedback\/\d+$/);
      expect(page.text).to.include('Thank you.');
      expect(messagesOn(uma)).to.deep.equal(['Uma Trucking Ltd just now Lorry 13 stands still. Since this morning.']);
      const own = new URL(page.url).pathname;
      await uma.submit(own, { text: 'Now it moves.' });
      expect(messagesOn(uma)[1]).to.include('Now it moves.');
      await uma.get(path);
      expect(rowsOn(uma)).to.deep.equal(['Lorry 13 stands still. Since this morning.']);
      expect(wordsOf(uma.page, '#feedback tbody .badge')).to.equal('Open');
      const [left, replied] = await actsUpon(site, site.ids.uma);
      expect(left).to.include({ act: 'feedback.left', actorId: site.ids.uma });
      expect(left?.facts).to.deep.include({ kind: 'problem' });
      expect(JSON.stringify(left)).to.not.include('stands still');
      expect(replied).to.include({ act: 'feedback.replied', actorId: site.ids.uma });
    });

  for (const [name, may] of [
    ['stan', true],
    ['gus', true],
    ['mona', true],
    ['uma', true],
    ['april', false],
    ['sue', false],
    ['rita', false],
    ['vera', false],
  ] as const)
    it(`is ${may ? 'open' : 'closed'} to ${name}`, async () => {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      const token = visitor.token();
      expect((await visitor.get(path)).status).to.equal(may ? 200 : 403);
      const key = '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e';
      const fields = { _csrf: token, kind: 'idea', text: 'More colours.', idempotency_key: key, subject: String(site.ids[name]) };
      expect((await visitor.post(`${path}/new`, fields)).status).to.equal(may ? 200 : 403);
      expect(await site.db('feedback').pluck('user_id')).to.deep.equal(may ? [site.ids[name]] : []);
    });

  it('counts a double click once, of a first word and of the next', async () => {
    const uma = await site.visitor('uma');
    await uma.get(`${path}/new`);
    const form = uma.page;
    const first = await uma.submit(`${path}/new`, { text: 'Once.' });
    uma.page = form;
    expect((await uma.submit(`${path}/new`, { text: 'Once.' })).url).to.equal(first.url);
    expect(await site.db('feedback').pluck('id')).to.have.length(1);
    const own = new URL(first.url).pathname;
    const conversation = uma.page;
    await uma.submit(own, { text: 'Twice.' });
    uma.page = conversation;
    await uma.submit(own, { text: 'Twice.' });
    expect(messagesOn(uma)).to.have.length(2);
    expect(await actsUpon(site, site.ids.uma)).to.have.length(2);
  });

  it('says beside the field what is wrong, and keeps what was typed', async () => {
    const uma = await site.visitor('uma');
    for (const [values, field, says] of [
      [{ text: '  ' }, 'text', 'Write something first.'],
      [{ text: '\u200b \u2060\u202e' }, 'text', 'Write something first.'],
      [{ text: 'x'.repeat(2001) }, 'text', '2000 characters at most; these are 2001.'],
      [{ text: 'A bell \u0007 rings' }, 'text', 'Holds a character that cannot be kept.'],
      [{ text: 'Well', kind: 'order' }, 'kind', 'A question, a problem, an idea or praise.'],
    ] as const) {
      const page = await send(uma, values);
      expect(page.status).to.equal(422);
      expect(problem(page, field)).to.equal(says);
      expect(typed(uma)).to.equal(values.text.trim());
    }
    expect((await send(uma, { text: 'Without its key', idempotency_key: '1' })).status).to.equal(422);
    expect(await site.db('feedback').pluck('id')).to.deep.equal([]);
    const { id } = await leave(site.db, 'uma');
    await uma.get(`${path}/${id}`);
    const page = await uma.submit(`${path}/${id}`, { text: '' });
    expect([page.status, problem(page, 'text')]).to.deep.equal([422, 'Write something first.']);
    expect(messagesOn(uma)).to.have.length(1);
  });

  it('takes 2,000 characters to the last, of any script, and shows them as they were typed', async () => {
    const uma = await site.visitor('uma');
    const text = `<b>Où</b> ${'ж'.repeat(1987)} 😀`;
    expect(text.length).to.equal(2000);
    await send(uma, { text });
    expect(uma.page.document.querySelector('.words')?.textContent).to.equal(text);
    expect(uma.page.html).to.include('&lt;b&gt;Où&lt;/b&gt;');
  });

  it('is nobody else’s: neither read nor written to, like one that is not there', async () => {
    const { id } = await leave(site.db, 'ines');
    const uma = await site.visitor('uma');
    const [strange, absent] = [await uma.get(`${path}/${id}`), await uma.get(`${path}/999999`)];
    expect([strange.status, absent.status]).to.deep.equal([404, 404]);
    expect(strange.text.replaceAll(String(id), '')).to.equal(absent.text.replaceAll('999999', ''));
    for (const what of ['0', '-1', '1e3', '99999999999999999999', 'x', "1'"])
      expect((await uma.get(`${path}/${encodeURIComponent(what)}`)).status, what).to.equal(404);
    await uma.get(`${path}/new`);
    const fields = { text: 'Mine', idempotency_key: '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e', subject: String(site.ids.uma) };
    expect((await uma.post(`${path}/${id}`, fields)).status).to.equal(404);
    expect(await wordsIn(site, { id })).to.deep.equal(['user: Where is lorry 12?']);
  });

  it('cannot flood the administrators: ten in an hour, and what was typed for the eleventh is kept', async () => {
    for (let number = 1; number <= 10; number += 1) await leave(site.db, 'uma', { text: `Number ${number}` });
    const uma = await site.visitor('uma');
    const page = await send(uma, { text: 'Number 11' });
    expect(page.status).to.equal(429);
    expect(Number(page.headers.get('retry-after'))).to.be.within(3000, 3600);
    expect(alertOf(page)).to.match(/You have left feedback 10 times within an hour\. Try again in \d+ minutes\./);
    expect(typed(uma)).to.equal('Number 11');
    expect(await site.db('feedback').pluck('id')).to.have.length(10);
    await leave(site.db, 'ines');
    await site.db('attempts').update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
    expect((await send(uma, { text: 'Number 11' })).status).to.equal(200);
  });

  it('takes sixty messages in an hour', async () => {
    const { id } = await leave(site.db, 'uma');
    await site.db('attempts').where('key', 'like', 'messages by %').update({ count: 60 });
    const uma = await site.visitor('uma');
    await uma.get(`${path}/${id}`);
    const page = await uma.submit(`${path}/${id}`, { text: 'One more' });
    expect([page.status, alertOf(page).slice(0, 46)]).to.deep.equal([429, 'You have written 60 messages within an hour. T']);
    expect(await onlyActUpon(site, site.ids.uma)).to.include({ act: 'feedback.left' });
  });

  it('shows a long conversation from its end, and the way to what was before', async () => {
    const { id } = await leave(site.db, 'uma', { text: 'The first' });
    await site.db.raw(
      `insert into feedback_messages (feedback_id, user_id, side, author_id, text, idempotency_key)
       select ?, ?, 'user', ?, 'Word ' || n, gen_random_uuid() from generate_series(1, 120) n`,
      [id, site.ids.uma, site.ids.uma],
    );
    const uma = await site.visitor('uma');
    const page = await uma.get(`${path}/${id}`);
    expect(messagesOn(uma)).to.have.length(100);
    expect(messagesOn(uma).at(-1)).to.include('Word 120');
    await uma.get(page.document.querySelector('#messages a')?.getAttribute('href') ?? '');
    expect(messagesOn(uma)).to.have.length(21);
    expect(messagesOn(uma)[0]).to.include('The first');
  });
});
