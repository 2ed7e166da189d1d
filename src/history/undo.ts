import { type Happening, undoMinutes } from './timeline.ts';

/** What is said of an act that somebody has undone before, and of one whose minutes are over. */
export const undoneAlready = 'This has been undone already.';
export const tooLate = `An act can be undone for ${undoMinutes} minutes, and they are over.`;

/** Why an act can be undone no more, of whatever kind it is; null while it can. */
export function whyOver({ isUndone, isRecent }: Pick<Happening, 'isUndone' | 'isRecent'>): string | null {
  if (isUndone) return undoneAlready;
  return isRecent ? null : tooLate;
}
