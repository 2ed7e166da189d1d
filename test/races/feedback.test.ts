import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { answerFeedback, closeFeedback } from '../../src/feedback/answer.ts';
import { leaveFeedback, replyToFeedback } from '../../src/feedback/leave.ts';
import { purgeUser } from '../../src/users/remove.ts';
import { actorFor } from '../kit/actor.ts';
import { again, leave } from '../kit/feedback.ts';
import { allAtOnce, openRace, type Race } from '../kit/race.ts';

describe('Feedback at the same time', () => {
  let race: Race;
  beforeEach(async () => {
    race = await openRace();
  });
  afterEach(() => race.close());

  const kinds = (ends: string[]) => ends.map((end) => end.split(':')[0]).sort();

  it('is left once by two presses of one button', async () => {
    const uma = await actorFor(race.one, 'uma');
    const feedback = { kind: 'idea', text: 'Once.', idempotencyKey: randomUUID() } as const;
    const ends = await allAtOnce([race.one, race.two, race.one].map((db) => () => leaveFeedback(db, uma, feedback)));
    expect(ends).to.deep.equal(['done', 'done', 'done']);
    expect(await race.one('feedback').pluck('id')).to.have.length(1);
    expect(await race.one('history').where({ act: 'feedback.left' }).pluck('id')).to.have.length(1);
  });

  it('is left ten times in an hour, however many come at once', async () => {
    const uma = await actorFor(race.one, 'uma');
    const send = (db: Race['one']) => () =>
      leaveFeedback(db, uma, { kind: 'idea', text: 'Again.', idempotencyKey: randomUUID() });
    const ends = await allAtOnce(Array.from({ length: 14 }, (_, index) => send(race.pool(index))));
    expect(kinds(ends).filter((end) => end === 'done')).to.have.length(10);
    expect(kinds(ends).filter((end) => end === 'TryLater')).to.have.length(4);
    expect(await race.one('feedback').pluck('id')).to.have.length(10);
  }).timeout(20_000);

  it('is answered by one of two administrators; the other hears of it', async () => {
    const { id } = await leave(race.one, 'uma');
    const answer = (db: Race['one'], name: string) => async () =>
      answerFeedback(db, await actorFor(db, name), { id, version: 1, text: name, closes: false, idempotencyKey: randomUUID() });
    const ends = await allAtOnce([answer(race.one, 'olga'), answer(race.two, 'oscar')]);
    expect(kinds(ends)).to.deep.equal(['Refused', 'done']);
    expect(await race.one('feedbackMessages').where({ side: 'administrator' }).pluck('id')).to.have.length(1);
  });

  it('is not put away unread: its user’s word comes first and stops the closing, or after it and opens it again', async () => {
    const feedback = await leave(race.one, 'uma');
    const { id, version } = feedback;
    const [replied, closed] = await allAtOnce([
      async () => replyToFeedback(race.one, await actorFor(race.one, 'uma'), { id, text: 'And?', idempotencyKey: randomUUID() }),
      async () => closeFeedback(race.two, await actorFor(race.two, 'olga'), { id, version }),
    ]);
    expect(replied).to.equal('done');
    expect(closed).to.match(/^(done|Refused)/);
    expect((await again(race.one, feedback)).state).to.equal('open');
  });

  it('is gone with a user that is purged while it is answered, or answered before', async () => {
    const { id: own } = await leave(race.one, 'uma');
    await race.one('users').where({ username: 'uma' }).update({ deletedAt: new Date() });
    const ends = await allAtOnce([
      async () => purgeUser(race.owner, await actorFor(race.owner, 'olga'), 'uma', []),
      async () =>
        answerFeedback(race.one, await actorFor(race.one, 'oscar'), {
          id: own,
          version: 1,
          text: 'Here.',
          closes: false,
          idempotencyKey: randomUUID(),
        }),
    ]);
    expect(ends[0]).to.equal('done');
    expect(ends[1]).to.match(/^NotFound/);
    expect(await race.one('feedback').pluck('id')).to.deep.equal([]);
  });
});
