import { endingWords } from './endings.ts';
import type { Visit } from './visit.ts';

/** A visit in words: how long it was, how far it went, and how it ended. */
export function visitWords({ seconds, mode, endedBy }: Pick<Visit, 'seconds' | 'mode' | 'endedBy'>) {
  return {
    lasted: durationWords(seconds),
    modeWords: mode === 'read' ? 'Looking only' : 'Full',
    endWords: endedBy ? capital(endingWords[endedBy]) : 'It still lasts',
  };
}

/** “less than a minute”, “12 minutes”, “1 hour 5 minutes”. */
export function durationWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return 'less than a minute';
  const parts = [count(Math.floor(minutes / 60), 'hour'), count(minutes % 60, 'minute')];
  return parts.filter((part) => part !== '').join(' ');
}

const count = (number: number, unit: string) => (number === 0 ? '' : `${number} ${unit}${number === 1 ? '' : 's'}`);

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
