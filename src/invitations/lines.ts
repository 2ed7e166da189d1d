import { type Profile, profileNames, profiles } from '../access/profiles.ts';
import { line as oneLine } from '../ground/fields.ts';
import { email } from '../users/fields.ts';

/** A line of a pasted list as it was read: whom it names, or what is wrong with it. */
export type Line = { number: number; text: string; email: string; name: string; profile: Profile; problem: string };

/**
 * Reads a pasted list: one address to a line, alone, as `Name <address>`, or with a profile behind it. Where a line names no
 * profile, `otherwise` counts. Blank lines are left out but count, so that numbers are those of the box.
 */
export function readLines(pasted: string, otherwise: Profile): Line[] {
  const lines = pasted.split(/\r\n?|\n/).map((text, index) => ({ text: text.trim(), number: index + 1 }));
  return lines.filter(({ text }) => text !== '').map((line) => ({ ...line, ...readLine(line.text, otherwise) }));
}

type Read = Omit<Line, 'number' | 'text'>;

function readLine(text: string, otherwise: Profile): Read {
  const { name, address, word, rest } = named(text) ?? bare(text);
  const profile = word === '' ? otherwise : profileWords.get(word.toLowerCase());
  const problem = problemOf(text, { name, address, rest }) || (profile ? '' : unknownProfile(word));
  return { email: address, name, profile: profile ?? otherwise, problem };
}

type Parts = { name: string; address: string; word: string; rest: string[] };

/** Each part ends where the next begins, so that a long line is read once: blanks before the address are the name's until it is trimmed. */
const withName = /^(?:"([^"]*)"\s*|([^<>"]*))<([^<>]*)>\s*(?:[,;\t]\s*(.*))?$/;

/** `Name <address>`, with or without a profile behind it. */
function named(text: string): Parts | null {
  const [, quoted, plain, address, word] = withName.exec(text) ?? [];
  return address === undefined
    ? null
    : { name: (quoted ?? plain ?? '').trim(), address: address.trim(), word: word ?? '', rest: [] };
}

/** `address`, or `address, profile` with a comma, a semicolon or a tab between. */
function bare(text: string): Parts {
  const [address = '', word = '', ...rest] = text.split(/[,;\t]/).map((cell) => cell.trim());
  return { name: '', address, word, rest };
}

function problemOf(text: string, { name, address, rest }: Omit<Parts, 'word'>): string {
  // A mail server reads more than one address where there is more than one sign: nobody is told more than the line says.
  if (text.split('@').length > 2) return 'More than one address: write one to a line.';
  const wrong = email.safeParse(address).error ?? oneLine(201).safeParse(name).error;
  if (wrong) return wrong.issues[0]?.message ?? 'This cannot be read.';
  return rest.some(Boolean) ? 'More than an address and a profile.' : '';
}

/** A profile by its key or by the name that people read. */
const profileWords = new Map<string, Profile>(
  profiles.flatMap((profile) => [profile, profileNames[profile]].map((word) => [word.toLowerCase(), profile] as const)),
);

const unknownProfile = (word: string) => `“${[...word].slice(0, 60).join('')}” is no profile: ${profiles.join(', ')}.`;
