import { profileNames } from '../access/profiles.ts';
import { stateNames } from '../access/standing.ts';

const abbreviations: Record<string, string> = { unp: 'UNP', id: 'id' };
const values: Record<string, string> = { ...stateNames, ...profileNames };

/** `additionalInfo` as people read it: “additional info”. */
export const fieldWords = (name: string) => abbreviations[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A recorded value as the pages show it: states and profiles by name, moments in the reader's zone. */
export function valueWords(value: unknown, moment: (at: Date) => string): string {
  if (value === null || value === undefined || value === '') return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return moment(new Date(text));
  return Object.hasOwn(values, text) ? (values[text] as string) : text;
}

/** The name of whoever took part; what a purge has erased keeps its number; null when nobody did. */
export const whoWords = (name: string | null, id: number | null) => name || (id === null ? null : `account ${id} (erased)`);
