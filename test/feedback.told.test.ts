import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Answer, answerFeedback, closeFeedback } from '../src/feedback/answer.ts';
import { feedbackBelonging } from '../src/feedback/belonging.ts';
import { replyToFeedback } from '../src/feedback/leave.ts';
import { actorFor } from './kit/actor.ts';
import { connectTo } from './kit/connection.ts';
import { leave, messagesOn } from './kit/feedback.ts';
import { lettersTo, turnMailOn } from './kit/letters.ts';
import { siteForEach } from './kit/site.ts';

describe('New feedback', () => {
  const { site } = siteForEach();
  beforeEach(() => turnMailOn(site));

  const told = () => site.db('letters').where({ kind: 'feedback-left' }).orderBy('id').pluck('address');
  const everybody = ['olga@world.example', 'oscar@world.example'];
  const answer = async (id: number, more: Partial<Answer> = {}) =>
    answerFeedback(site.db, await actorFor(site.db, 'olga'), {
      id,
      text: 'Here.',
      version: 1,
      closes: false,
      idempotencyKey: randomUUID(),
      ...more,
    });

  it('is told to every administrator, who waits and about what, but not what was said', async () => {
    await leave(site.db, 'uma', { kind: 'problem', text: 'A secret of mine' });
    expect(await told()).to.deep.equal(everybody);
    const [letter] = await lettersTo(site, 'olga');
    expect(letter?.data).to.deep.equal({ username: 'uma', name: 'Uma Trucking Ltd', about: 'problem', again: '' });
  });

  it('is told once an hour while it piles up, and again when all before has been answered', async () => {
    const first = await leave(site.db, 'uma');
    const second = await leave(site.db, 'ines');
    expect(await told()).to.deep.equal(everybody);
    await answer(first.id);
    await closeFeedback(site.db, await actorFor(site.db, 'olga'), second);
    await leave(site.db, 'flo');
    expect(await told()).to.have.length(4);
    await site
      .db('attempts')
      .where({ key: 'feedback told' })
      .update({ windowEndsAt: site.db.raw(`now() - interval '1 second'`) });
    await leave(site.db, 'flo');
    expect(await told()).to.have.length(6);
  });

  it('is told when a user writes again after an answer, not while it waits anyway', async () => {
    const { id } = await leave(site.db, 'uma');
    const reply = async () =>
      replyToFeedback(site.db, await actorFor(site.db, 'uma'), { id, text: 'And?', idempotencyKey: randomUUID() });
    await reply();
    expect(await told()).to.deep.equal(everybody);
    await answer(id, { version: 2 });
    await reply();
    expect(await told()).to.have.length(4);
    expect((await lettersTo(site, 'oscar')).at(-1)?.data).to.include({ again: 'yes', username: 'uma' });
  });

  it('is not told to an administrator who does not want it, nor to the one who wrote it on the user’s behalf', async () => {
    await site
      .db('users')
      .where({ username: 'oscar' })
      .update({ mutedLetters: site.db.raw(`array['feedback']`) });
    await leave(site.db, 'uma');
    expect(await told()).to.deep.equal(['olga@world.example']);
    await site.db('feedback').delete();
    const olga = await site.visitor('olga');
    await connectTo(olga, 'uma');
    await olga.get('/my/feedback/new');
    await olga.submit('/my/feedback/new', { text: 'Called.' });
    expect(await told()).to.deep.equal(['olga@world.example']);
  });

  it('can be turned off by administrators alone, its answers by everybody', async () => {
    for (const [name, offered] of [
      ['olga', ['answers', 'feedback']],
      ['uma', ['answers']],
    ] as const) {
      const visitor = await site.visitor(name);
      const page = await visitor.get('/account/mail');
      const names = page.document.querySelectorAll('[type=checkbox]').map((box) => box.getAttribute('name'));
      expect(names.filter((one) => one === 'answers' || one === 'feedback')).to.deep.equal(offered);
    }
  });

  it('can be answered whatever signs it holds where the letter cuts it short', async () => {
    for (const before of ['', 'x']) {
      const { id } = await leave(site.db, 'uma', { text: `${before}${'😀'.repeat(60)}` });
      await answer(id);
      const letter = (await lettersTo(site, 'uma')).at(-1);
      expect(letter?.data.question).to.match(/😀…$/);
    }
  });

  it('goes with its user: counted before a deletion, there again after a restore, erased by a purge', async () => {
    await leave(site.db, 'uma');
    const { id } = await leave(site.db, 'ines');
    await answer(id);
    const olga = await site.visitor('olga');
    const page = await olga.get('/users/uma/delete');
    expect(page.text).to.match(/1 conversation of feedback/);
    await olga.submit('/users/uma/delete');
    await olga.get('/users/uma/restore');
    await olga.submit('/users/uma/restore');
    expect(await site.db('feedback').where({ userId: site.ids.uma }).pluck('state')).to.deep.equal(['open']);
    const uma = await site.db('users').where({ username: 'uma' });
    expect(await feedbackBelonging.count(site.db, uma)).to.equal(1);
    await olga.get('/users/uma/delete');
    await olga.submit('/users/uma/delete');
    await olga.get('/users/uma/purge');
    await olga.submit('/users/uma/purge', { typed_username: 'uma' });
    expect(await site.db('feedback').pluck('user_id')).to.deep.equal([site.ids.ines]);
    expect(await site.db('feedbackMessages').whereNot({ userId: site.ids.ines }).pluck('id')).to.deep.equal([]);
  });

  it('keeps its answers when the account of who answered is erased', async () => {
    const { id } = await leave(site.db, 'uma');
    await answer(id);
    await site.db('users').where({ username: 'olga' }).delete();
    const uma = await site.visitor('uma');
    await uma.get(`/my/feedback/${id}`);
    expect(messagesOn(uma)[1]).to.equal('An administrator just now Here.');
  });
});
