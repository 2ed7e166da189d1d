import { dormancyLetters } from './words/dormancy.ts';
import { securityLetters } from './words/security.ts';
import { stateLetters } from './words/states.ts';
import type { Template } from './words/template.ts';

/** Every kind of letter there is; each part of the product has its own file of words. */
export const catalogue = { ...stateLetters, ...securityLetters, ...dormancyLetters } satisfies Record<string, Template>;

export type LetterKind = keyof typeof catalogue;

export const templateOf = (kind: LetterKind): Template => catalogue[kind];
