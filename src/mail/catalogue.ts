import { announcementLetters } from './words/announcements.ts';
import { dormancyLetters } from './words/dormancy.ts';
import { feedbackLetters } from './words/feedback.ts';
import { invitationLetters } from './words/invitations.ts';
import { moneyLetters } from './words/money.ts';
import { recoveryLetters } from './words/recovery.ts';
import { registrationLetters } from './words/registration.ts';
import { securityLetters } from './words/security.ts';
import { stateLetters } from './words/states.ts';
import { tariffLetters } from './words/tariffs.ts';
import type { Template } from './words/template.ts';
import { twoFactorLetters } from './words/twofactor.ts';
import { visitLetters } from './words/visits.ts';

/** Every kind of letter there is; each part of the product has its own file of words. */
export const catalogue = {
  ...stateLetters,
  ...securityLetters,
  ...dormancyLetters,
  ...twoFactorLetters,
  ...registrationLetters,
  ...recoveryLetters,
  ...invitationLetters,
  ...visitLetters,
  ...feedbackLetters,
  ...moneyLetters,
  ...tariffLetters,
  ...announcementLetters,
} satisfies Record<string, Template>;

export type LetterKind = keyof typeof catalogue;

export const templateOf = (kind: LetterKind): Template => catalogue[kind];

/** The template of a letter as it lies in the database, where another release may have written it; null for an unknown kind. */
export const templateOrNull = (kind: string): Template | null =>
  Object.hasOwn(catalogue, kind) ? templateOf(kind as LetterKind) : null;
