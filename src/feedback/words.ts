import type { FeedbackKind, FeedbackState } from './feedback.ts';

export const kindWords: Record<FeedbackKind, string> = {
  question: 'Question',
  problem: 'Problem',
  idea: 'Idea',
  praise: 'Praise',
};

export const stateBadges: Record<FeedbackState, { tone: 'info' | 'ok' | 'off'; text: string }> = {
  open: { tone: 'info', text: 'Open' },
  answered: { tone: 'ok', text: 'Answered' },
  closed: { tone: 'off', text: 'Closed' },
};
