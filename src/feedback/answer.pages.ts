import type { Request, Response } from 'express';
import { assertCan, can } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { idOrNull, tick, versionField } from '../ground/fields.ts';
import { headLocals } from '../users/show.pages.ts';
import { findUser } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { answerFeedback, closeFeedback, noteOnFeedback, reopenFeedback } from './answer.ts';
import { conversationLocals, sendForm, valuesOf } from './conversation.pages.ts';
import { findFeedback, longestMessage, messageFields, noteFields } from './feedback.ts';
import { kindWords } from './words.ts';

const version = versionField('Open the page again: this form does not say what it answers.');

/** A conversation as administrators read it, with who the user is. */
export const showOne = (req: Request, res: Response) => one(req, res, { values: valuesOf({}) });

export const postAnswer = sendForm(async (req, res) => {
  const { id } = await found(req);
  const answer = readForm(req.body, { ...messageFields, version, closes: tick });
  await answerFeedback(dbOf(req), actorOf(req), { id, ...answer });
  await done(req, res, `/feedback/${id}`, answer.closes ? 'Answered and closed.' : 'Answered.');
}, one);

export const postClose = sendForm(async (req, res) => {
  const { id } = await found(req);
  await closeFeedback(dbOf(req), actorOf(req), { id, ...readForm(req.body, { version }) });
  await done(req, res, `/feedback/${id}`, 'Closed. A word of the user’s opens it again.');
}, one);

export const postReopen = async (req: Request, res: Response) => {
  const { id } = await found(req);
  await reopenFeedback(dbOf(req), actorOf(req), id);
  await done(req, res, `/feedback/${id}`, 'Open again: it waits for an answer.');
};

export const showNote = (req: Request, res: Response) => noteForm(req, res, { values: valuesOf({}) });

export const postNote = sendForm(async (req, res) => {
  const { id } = await found(req);
  const { note: text, idempotencyKey } = readForm(req.body, noteFields);
  await noteOnFeedback(dbOf(req), actorOf(req), { id, text, idempotencyKey });
  await done(req, res, `/feedback/${id}`, 'The note has been kept. Only administrators read it.');
}, noteForm);

type Shown = { values: Typed; errors?: Record<string, string> };

async function one(req: Request, res: Response, { values, errors = {} }: Shown): Promise<void> {
  const feedback = await found(req);
  const user = await findUser(dbOf(req), feedback.username);
  const actor = actorOf(req);
  const isLive = user.deletedAt === null;
  const { badges, acts } = headLocals(req, user, 'feedback');
  await page(req, res, 'feedback/show', {
    title: `${kindWords[feedback.kind]} ${feedback.id}`,
    section: 'feedback',
    ...(await conversationLocals(req, feedback, { path: `/feedback/${feedback.id}`, withNotes: true })),
    user,
    profileName: profileNames[user.profile],
    badges,
    connect: acts.find(({ label }) => label === 'Connect') ?? null,
    mayAnswer: isLive && can(actor, 'answer feedback', user),
    mayNote: can(actor, 'note feedback', user),
    values: { ...values, version: feedback.version },
    errors,
  });
}

async function noteForm(req: Request, res: Response, { values, errors = {} }: Shown): Promise<void> {
  const feedback = await found(req);
  const user = await findUser(dbOf(req), feedback.username);
  assertCan(actorOf(req), 'note feedback', user);
  const locals = { feedback, user, kindName: kindWords[feedback.kind], longestMessage, values, errors };
  await page(req, res, 'feedback/note', { title: 'Add a note', section: 'feedback', ...locals });
}

const found = (req: Request) => findFeedback(dbOf(req), idOrNull(req.params.id));
