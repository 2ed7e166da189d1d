import type { Template } from './template.ts';

/** What an administrator sends to see whether mail arrives; it lies in no list. */
export const testLetter: Template = {
  subject: () => 'Test mail',
  says: () => ['Mail from this console arrives.'],
  leads: '/mail',
  why: () => 'You get this because an administrator of the console tried whether its mail arrives. There is nothing to do.',
};
