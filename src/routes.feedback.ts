import * as answer from './feedback/answer.pages.ts';
import * as list from './feedback/list.pages.ts';
import * as own from './feedback/own.pages.ts';
import type { Route } from './web/route.ts';

/** What users tell the administrators, and what these answer. */
export const feedbackRoutes: readonly Route[] = [
  ['get', '/my/feedback', 'see own feedback', list.showOwnFeedback],
  ['get', '/my/feedback/new', 'leave feedback', own.showNew],
  ['post', '/my/feedback/new', 'leave feedback', own.postNew],
  ['get', '/my/feedback/:id', 'see own feedback', own.showOwn],
  ['post', '/my/feedback/:id', 'leave feedback', own.postOwn],
  ['get', '/users/:username/feedback', 'see feedback', list.showUserFeedback],
  ['get', '/feedback', 'see feedback', list.showFeedback],
  ['get', '/feedback/:id', 'see feedback', answer.showOne],
  ['post', '/feedback/:id', 'answer feedback', answer.postAnswer],
  ['post', '/feedback/:id/close', 'answer feedback', answer.postClose],
  ['post', '/feedback/:id/reopen', 'answer feedback', answer.postReopen],
  ['get', '/feedback/:id/note', 'note feedback', answer.showNote],
  ['post', '/feedback/:id/note', 'note feedback', answer.postNote],
];
