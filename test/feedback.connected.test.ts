import { expect } from 'chai';
import { connectTo } from './kit/connection.ts';
import { again, leave, messagesOn, wordsIn } from './kit/feedback.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Feedback while an administrator is connected', () => {
  let site: Site;
  let olga: Visitor;
  beforeEach(async () => {
    site = await openSite();
    olga = await site.visitor('olga');
  });
  afterEach(() => site.close());

  const send = async (values: Record<string, string> = { text: 'Called: lorry 13 stands still.' }) => {
    await olga.get('/my/feedback/new');
    return olga.submit('/my/feedback/new', values);
  };

  for (const mode of modes)
    it(`is left on the user’s behalf, and says so to both, with actor, subject and connection (${mode})`, async () => {
      await connectTo(olga, 'uma');
      const { cookies } = olga;
      olga = await site.visitor(null, mode);
      for (const [name, value] of cookies) olga.cookies.set(name, value);
      const page = await send();
      expect(messagesOn(olga)[0]).to.match(/^Olga Ivanova on behalf of the user just now Called: lorry/);
      const [message] = await site.db('feedbackMessages');
      const [{ id: connectionId }] = await site.db('connections');
      expect(message).to.include({ userId: site.ids.uma, authorId: site.ids.olga, connectionId, side: 'user' });
      const row = await site.db('history').where({ act: 'feedback.left' }).first();
      expect(row).to.include({ actorId: site.ids.olga, subjectId: site.ids.uma, userId: site.ids.uma, connectionId });
      const uma = await site.visitor('uma');
      await uma.get(new URL(page.url).pathname);
      expect(messagesOn(uma)[0]).to.include('Olga Ivanova on behalf of the user');
    });

  it('is left for every profile that has sections', async () => {
    for (const name of ['stan', 'gus', 'mona'] as const) {
      await connectTo(olga, name);
      expect((await send()).status, name).to.equal(200);
    }
    expect(await site.db('feedback').orderBy('id').pluck('user_id')).to.deep.equal([site.ids.stan, site.ids.gus, site.ids.mona]);
  });

  it('is told of in the report of the visit and in its letter, without what was said', async () => {
    await turnMailOn(site);
    await connectTo(olga, 'uma');
    await send();
    await olga.submit('/disconnect');
    const letter = (await lettersTo(site, 'uma')).find(({ kind }) => kind === 'visited');
    expect(letter?.data.changes).to.match(/^– Left feedback$/);
    const uma = await site.visitor('uma');
    await uma.get('/my/visits');
    await uma.get(uma.page.document.querySelector('tbody th a')?.getAttribute('href') ?? '');
    expect(uma.page.document.querySelector('#changed')?.text).to.include('left feedback for').and.not.include('lorry');
  });

  it('is only read by who is connected to look only: nothing offers to write, and nothing does', async () => {
    const feedback = await leave(site.db, 'uma');
    await connectTo(olga, 'uma', { mode: 'read' });
    const own = `/my/feedback/${feedback.id}`;
    await olga.get('/my/feedback');
    expect(olga.page.document.querySelector('main a[href$="/new"]')).to.equal(null);
    expect((await olga.get('/my/feedback/new')).status).to.equal(403);
    const page = await olga.get(own);
    expect(page.text).to.include('connected to look only');
    expect(page.document.querySelector('#reply')).to.equal(null);
    const admin = await olga.get(`/feedback/${feedback.id}`);
    expect(admin.document.querySelector('#answer')).to.equal(null);
    await olga.get('/account');
    const fields = {
      _csrf: olga.token(),
      subject: String(site.ids.uma),
      text: 'x',
      kind: 'idea',
      version: '1',
      idempotency_key: '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e',
    };
    for (const path of ['/my/feedback/new', own, `/feedback/${feedback.id}`, `/feedback/${feedback.id}/close`])
      expect((await olga.post(path, fields)).status, path).to.equal(403);
    expect(await again(site.db, feedback)).to.deep.equal(feedback);
    expect(await wordsIn(site, feedback)).to.have.length(1);
  });

  it('is refused when the connection has changed since its form was opened', async () => {
    const { id } = await leave(site.db, 'uma');
    for (const [path, fields] of [
      ['/my/feedback/new', { text: 'For Uma' }],
      [`/my/feedback/${id}`, { text: 'For Uma' }],
    ] as const) {
      await connectTo(olga, 'uma');
      const form = await olga.get(path);
      await connectTo(olga, 'ines');
      olga.page = form;
      const page = await olga.submit(path, fields);
      expect(page.status).to.equal(409);
      expect(page.text).to.include('Now you are connected to Inês Smirnova.').and.include('Nothing was changed.');
      await olga.get('/my');
      await olga.submit('/disconnect');
      olga.page = form;
      expect((await olga.submit(path, fields)).status).to.equal(409);
    }
    expect(await site.db('feedbackMessages').pluck('text')).to.deep.equal(['Where is lorry 12?']);
  });

  it('can be answered, but takes no note that the user would hear of', async () => {
    const feedback = await leave(site.db, 'uma');
    await connectTo(olga, 'uma');
    const path = `/feedback/${feedback.id}`;
    const page = await olga.get(path);
    expect(page.document.querySelector('#note')).to.equal(null);
    expect((await olga.get(`${path}/note`)).status).to.equal(409);
    await olga.get(path);
    const fields = { note: 'x', idempotency_key: '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e' };
    expect((await olga.post(`${path}/note`, fields)).status).to.equal(409);
    await olga.get(path);
    await olga.submit(path, { text: 'Here.' });
    expect(await again(site.db, feedback)).to.include({ state: 'answered' });
    expect((await actsUpon(site, site.ids.uma)).map(({ act }) => act)).to.not.include('feedback.noted');
  });

  it('is counted for each user, so one on the telephone can write for many', async () => {
    await connectTo(olga, 'uma');
    await site.db('attempts').delete();
    for (let number = 0; number < 10; number += 1) await send({ text: `Number ${number}` });
    expect((await send()).status).to.equal(429);
    expect((await leave(site.db, 'uma')).state).to.equal('open');
    await connectTo(olga, 'ines');
    expect((await send()).status).to.equal(200);
  });
});
