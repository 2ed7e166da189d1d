import type { Data, Template } from './template.ts';

const lines = (text: string | undefined) => (text ? text.split('\n') : []);

const changed = ({ changes, more }: Data) => {
  const all = lines(changes);
  if (all.length === 0) return ['Nothing was changed.'];
  return ['What was changed:', ...all, ...(more ? [`And ${more} more.`] : [])];
};

/** An administrator has acted on somebody's behalf. `changes` has a line for each thing done, the first of them; `more` counts the rest. */
export const visitLetters = {
  visited: {
    leads: ({ visit }) => `/my/visits/${visit}`,
    subject: ({ who }) => `${who} was connected to your account`,
    says: (data) => [
      `${data.who}, an administrator, was connected to your account from ${data.from}, for ${data.lasted}, ${data.mode}.`,
      ...(data.reason ? [`Reason: ${data.reason}`] : []),
      ...changed(data),
      `All of it, with the pages that were opened, stands under Visits when you sign in: visit ${data.visit}.`,
    ],
    why: () =>
      'You get this because an administrator acted on your behalf. If you did not expect it, ask your administrators about it.',
  },
} satisfies Record<string, Template>;
