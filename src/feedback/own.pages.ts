import type { Request, Response } from 'express';
import { subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { idOrNull } from '../ground/fields.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, type Typed } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { conversationLocals, sendForm, valuesOf } from './conversation.pages.ts';
import { feedbackFields, findFeedback, kinds, longestMessage, messageFields } from './feedback.ts';
import { leaveFeedback, replyToFeedback } from './leave.ts';
import { kindWords } from './words.ts';

const path = '/my/feedback';

export const showNew = (req: Request, res: Response) => newForm(req, res, { values: valuesOf({ kind: 'question' }) });

/** Leaves feedback, for the subject. */
export const postNew = sendForm(async (req, res) => {
  const { id } = await leaveFeedback(dbOf(req), actorOf(req), readForm(req.body, feedbackFields));
  await done(req, res, `${path}/${id}`, 'Thank you. The administrators read it; their answer comes here.');
}, newForm);

async function newForm(req: Request, res: Response, { values, errors = {} }: Shown): Promise<void> {
  await page(req, res, 'feedback/new', {
    title: 'Leave feedback',
    section: 'my-feedback',
    path,
    values,
    errors,
    longestMessage,
    kindChoices: kinds.map((value) => ({ value, label: kindWords[value] })),
  });
}

type Shown = { values: Typed; errors?: Record<string, string> };

/** One of the subject's conversations, as the user reads it. */
export const showOwn = (req: Request, res: Response) => own(req, res, { values: valuesOf({}) });

/** Writes again. */
export const postOwn = sendForm(async (req, res) => {
  const { id } = await found(req);
  await replyToFeedback(dbOf(req), actorOf(req), { id, ...readForm(req.body, messageFields) });
  await done(req, res, `${path}/${id}`, 'Sent.');
}, own);

async function own(req: Request, res: Response, { values, errors = {} }: Shown): Promise<void> {
  const feedback = await found(req);
  await page(req, res, 'feedback/own', {
    title: `${kindWords[feedback.kind]} ${feedback.id}`,
    section: 'my-feedback',
    ...(await conversationLocals(req, feedback, { path: `${path}/${feedback.id}`, withNotes: false })),
    mayWrite: can(actorOf(req), 'leave feedback'),
    values,
    errors,
  });
}

const found = (req: Request) => findFeedback(dbOf(req), idOrNull(req.params.id), subjectOf(actorOf(req)).id);
