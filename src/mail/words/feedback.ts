import type { Template } from './template.ts';

const kindWords: Readonly<Record<string, string>> = {
  question: 'a question',
  problem: 'a problem',
  idea: 'an idea',
  praise: 'praise',
};

const aboutWords = (about = '') => (Object.hasOwn(kindWords, about) ? kindWords[about] : 'feedback');

/** What users and administrators tell each other. */
export const feedbackLetters = {
  'feedback-answered': {
    leads: ({ number }) => `/my/feedback/${number}`,
    subject: () => 'Your feedback has been answered',
    says: ({ who, on, question, answer = '', number }) => [
      `${who}, an administrator, has answered what you wrote on ${on}: “${question}”`,
      answer,
      `To write back, sign in: the conversation stands under Feedback, number ${number}. An answer to this mail is not read.`,
    ],
    why: () =>
      'You get this because feedback was left for your account, by you or by an administrator who was connected to it. If you know nothing of it, ask an administrator.',
    preference: 'answers',
  },
  'feedback-left': {
    leads: '/feedback',
    subject: ({ username, again }) => `${username} ${again ? 'has written again' : 'has left feedback'}`,
    says: ({ username, name, about, again }) => [
      again
        ? `${name} (${username}) has written again about ${aboutWords(about)} and waits for an answer.`
        : `${name} (${username}) has left feedback, ${aboutWords(about)}, and waits for an answer.`,
      'All that waits stands in the console under Feedback, at the top.',
    ],
    why: () =>
      'You get this because you are an administrator; at most one such mail comes in an hour, whoever else writes meanwhile.',
    preference: 'feedback',
  },
} satisfies Record<string, Template>;
