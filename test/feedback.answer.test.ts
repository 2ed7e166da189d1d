import { expect } from 'chai';
import type { Feedback } from '../src/feedback/feedback.ts';
import { again, leave, messagesOn, rowsOn, wordsIn } from './kit/feedback.ts';
import { actsUpon } from './kit/history.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { alertOf, problem, wordsOf } from './kit/reading.ts';
import { openSite, type Site } from './kit/site.ts';
import { modes, type Visitor } from './kit/visitor.ts';

describe('Feedback of a user', () => {
  let site: Site;
  let olga: Visitor;
  let feedback: Feedback;
  let path: string;
  beforeEach(async () => {
    site = await openSite();
    await turnMailOn(site);
    olga = await site.visitor('olga');
    feedback = await leave(site.db, 'uma');
    path = `/feedback/${feedback.id}`;
  });
  afterEach(() => site.close());

  const acts = async () => (await actsUpon(site, site.ids.uma)).map(({ act }) => act);
  const state = async () => (await again(site.db, feedback)).state;
  const typed = () => olga.page.document.querySelector('#field-text')?.textContent.trim();

  for (const mode of modes)
    it(`is answered where it is read, and its user reads it and gets it by mail (${mode})`, async () => {
      olga = await site.visitor('olga', mode);
      const page = await olga.get(path);
      expect(wordsOf(page, '.asker')).to.include('uma@world.example').and.include('Customer');
      expect(page.document.querySelector('.asker a')?.getAttribute('href')).to.equal('/users/uma');
      await olga.submit(path, { text: 'On the ring road.\n\nSince noon.' });
      expect(olga.page.text).to.include('Answered.');
      expect(await state()).to.equal('answered');
      const uma = await site.visitor('uma');
      await uma.get(`/my${path}`);
      expect(messagesOn(uma)[1]).to.equal('Olga Ivanova administrator just now On the ring road. Since noon.');
      const letter = (await lettersTo(site, 'uma')).at(-1);
      expect(letter?.kind).to.equal('feedback-answered');
      expect(letter?.data).to.include({
        who: 'Olga Ivanova',
        question: 'Where is lorry 12?',
        answer: 'On the ring road.\n\nSince noon.',
        number: String(feedback.id),
      });
      const act = (await actsUpon(site, site.ids.uma)).at(-1);
      expect(act).to.include({ act: 'feedback.answered', actorId: site.ids.olga });
      expect(act?.changes).to.deep.equal({ feedbackState: ['open', 'answered'] });
    });

  it('writes no mail to who does not want any', async () => {
    await site
      .db('users')
      .where({ username: 'uma' })
      .update({ mutedLetters: site.db.raw(`array['answers']`) });
    await olga.get(path);
    await olga.submit(path, { text: 'Here.' });
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
    expect(await state()).to.equal('answered');
  });

  it('is answered and closed in one, and a word of its user opens it again', async () => {
    await olga.get(path);
    await olga.submit(path, { text: 'Here.', closes: 'on' });
    expect(await state()).to.equal('closed');
    const uma = await site.visitor('uma');
    expect((await uma.get(`/my${path}`)).text).to.include('It opens this conversation again.');
    await uma.submit(`/my${path}`, { text: 'No, it is not.' });
    expect(await again(site.db, feedback)).to.include({ state: 'open' });
    expect((await again(site.db, feedback)).waitsSince).to.not.equal(null);
    expect(await acts()).to.deep.equal(['feedback.left', 'feedback.answered', 'feedback.replied']);
  });

  it('is closed without a word and reopened; what is so already is not done again', async () => {
    await olga.get(path);
    const before = olga.page;
    expect((await olga.submit(`${path}/close`)).text).to.include('Closed.');
    olga.page = before;
    await olga.submit(`${path}/close`);
    expect((await olga.submit(`${path}/reopen`)).text).to.include('Open again');
    expect(await state()).to.equal('open');
    expect(await acts()).to.deep.equal(['feedback.left', 'feedback.closed', 'feedback.reopened']);
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
  });

  it('is not answered past what another administrator has just said; what was typed is kept', async () => {
    await olga.get(path);
    const oscar = await site.visitor('oscar');
    await oscar.get(path);
    await oscar.submit(path, { text: 'I look at it.' });
    const page = await olga.submit(path, { text: 'Here.' });
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('has gone on since you opened it');
    expect(messagesOn(olga)[1]).to.include('I look at it.');
    expect(typed()).to.equal('Here.');
    await olga.submit(path, { text: 'Here.' });
    expect(await wordsIn(site, feedback)).to.deep.equal([
      'user: Where is lorry 12?',
      'administrator: I look at it.',
      'administrator: Here.',
    ]);
  });

  it('is not closed past a word that its user has just added', async () => {
    await olga.get(path);
    const uma = await site.visitor('uma');
    await uma.get(`/my${path}`);
    await uma.submit(`/my${path}`, { text: 'Found it in Minsk.' });
    const page = await olga.submit(`${path}/close`);
    expect(page.status).to.equal(409);
    expect(alertOf(page)).to.include('has gone on since you opened it');
    expect(messagesOn(olga)[1]).to.include('Found it in Minsk.');
    expect(await state()).to.equal('open');
    await olga.submit(`${path}/close`);
    expect(await state()).to.equal('closed');
  });

  it('is answered once by a double click', async () => {
    await olga.get(path);
    const form = olga.page;
    await olga.submit(path, { text: 'Here.' });
    olga.page = form;
    expect((await olga.submit(path, { text: 'Here.' })).status).to.equal(200);
    expect(messagesOn(olga)).to.have.length(2);
    expect((await lettersTo(site, 'uma')).length).to.equal(1);
  });

  it('says beside the answer what is wrong with it', async () => {
    await olga.get(path);
    const page = await olga.submit(path, { text: ' ' });
    expect([page.status, problem(page, 'text')]).to.deep.equal([422, 'Write something first.']);
    const long = await olga.submit(path, { text: 'y'.repeat(2001) });
    expect([long.status, typed()]).to.deep.equal([422, 'y'.repeat(2001)]);
    expect((await olga.submit(path, { text: 'Here.', version: 'new' })).status).to.equal(422);
    expect(await state()).to.equal('open');
  });

  for (const mode of modes)
    it(`has notes that administrators read and the user never sees, not even counted (${mode})`, async () => {
      olga = await site.visitor('olga', mode);
      await olga.get(`${path}/note`);
      const empty = await olga.submit(`${path}/note`, { note: '' });
      expect([empty.status, problem(empty, 'note')]).to.deep.equal([422, 'Write something first.']);
      await olga.submit(`${path}/note`, { note: 'Always asks this.' });
      const oscar = await site.visitor('oscar');
      await oscar.get(path);
      expect(messagesOn(oscar)[1]).to.include('Note, for administrators only').and.include('Always asks this.');
      const uma = await site.visitor('uma');
      for (const own of [`/my${path}`, '/my/feedback', '/my/feedback?q=always', '/my/visits'])
        expect((await uma.get(own)).html, own).to.not.match(/Always asks|note/i);
      for (const q of ['always', 'nowhere']) {
        await uma.get(`/my/feedback?q=${q}`);
        expect(rowsOn(uma), `asked for “${q}”`).to.deep.equal(['Where is lorry 12?']);
      }
      expect(await lettersTo(site, 'uma')).to.deep.equal([]);
      const now = await again(site.db, feedback);
      expect(now).to.deep.equal(feedback);
      expect((await acts()).at(-1)).to.equal('feedback.noted');
      await oscar.submit(path, { text: 'Here.' });
      expect(oscar.page.status).to.equal(200);
    });

  it('is administrators’ alone: no other profile reads or answers it', async () => {
    for (const name of ['stan', 'gus', 'mona', 'april', 'uma'] as const) {
      const visitor = await site.visitor(name);
      await visitor.get('/account');
      const token = visitor.token();
      for (const address of ['/feedback', path, `${path}/note`, '/users/uma/feedback'])
        expect((await visitor.get(address)).status, `${name} ${address}`).to.equal(403);
      for (const act of ['', '/close', '/reopen', '/note'])
        expect((await visitor.post(`${path}${act}`, { _csrf: token, text: 'x' })).status, `${name} ${act}`).to.equal(403);
    }
    expect(await again(site.db, feedback)).to.deep.equal(feedback);
  });

  it('is not there for a wrong number', async () => {
    for (const id of ['0', '999999', 'x', '1e2']) expect((await olga.get(`/feedback/${id}`)).status, id).to.equal(404);
    await olga.get(path);
    expect((await olga.post('/feedback/999999', { text: 'x' })).status).to.equal(404);
  });

  it('of a deleted user is read on its page, and answered by nobody', async () => {
    await olga.get(path);
    const token = olga.token();
    await site.db('users').where({ username: 'uma' }).update({ deletedAt: new Date() });
    const page = await olga.get(path);
    expect(page.text).to.include('This user is deleted: there is nobody to answer.');
    expect(page.document.querySelector('#answer')).to.equal(null);
    const fields = { _csrf: token, text: 'x', version: '1', idempotency_key: '7b1c1c1e-52a1-4c8c-9d0b-6b4b3f1c2d3e' };
    expect((await olga.post(path, fields)).status).to.equal(404);
    expect(await lettersTo(site, 'uma')).to.deep.equal([]);
  });
});
