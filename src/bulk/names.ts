import type { Db } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import type { Upon } from './bulk.ts';

export const mostNames = 100_000;
const longestName = 254;
const batchNames = 5000;

/** Whose usernames and addresses stand in a list, and what in it is nobody's. */
export type Found = { ids: number[]; unknownNames: string[] };

/**
 * Reads a pasted list: names between blanks, commas, semicolons or line breaks, each once; of “Ines <ines@example.com>” the
 * address. Throws Invalid without any.
 */
export function readNames(text: string): string[] {
  const names = new Set<string>();
  const bare = text.replace(/"[^"\n]*"(?=\s*<)/g, ''); // A quoted name before its address may hold commas.
  for (const piece of bare.split(/[,;\n]/)) {
    const bracketed = [...piece.matchAll(/<([^<>\s@]{1,64}@[^<>\s@]{1,190})>/g)].map(([, inner]) => inner as string);
    const words = bracketed.length > 0 ? bracketed : piece.split(/\s/);
    for (const word of words) if (plain(word)) names.add(plain(word));
  }
  if (names.size === 0) throw new Invalid({ names: 'Paste usernames or email addresses, one on each line.' });
  if (names.size > mostNames) throw new Invalid({ names: `${mostNames.toLocaleString('en')} names at most, please.` });
  return [...names];
}

/** Names are compared in small letters, without quotes and without what no name holds. */
const plain = (word: string) =>
  word
    .slice(0, longestName) // It may halve a character: what is left of that goes with the rest.
    .replace(/[\p{Cc}\p{Cs}"'<>]/gu, '')
    .toLowerCase();

/** Finds users by username or address. An address is a living user's, or where deleted ones are meant a deleted user's. */
export async function findNamed(db: Db, names: string[], upon: Upon): Promise<Found> {
  const ids = new Set<number>();
  const unknownNames: string[] = [];
  for (let at = 0; at < names.length; at += batchNames) {
    const some = names.slice(at, at + batchNames);
    const holders = await holdersOf(db, some, upon);
    for (const name of some) {
      const found = holders.get(name);
      if (found) for (const id of found) ids.add(id);
      else unknownNames.push(name);
    }
  }
  return { ids: [...ids], unknownNames };
}

/** Several deleted users may have had the same address: all of them are meant. */
async function holdersOf(db: Db, names: string[], upon: Upon): Promise<Map<string, number[]>> {
  const isMeant = upon === 'live' ? 'deleted_at is null' : 'deleted_at is not null';
  const { rows } = await db.raw(
    `select username as name, id from users where username = any(:names)
     union select lower(email collate "C"), id from users where lower(email collate "C") = any(:names) and ${isMeant}`,
    { names },
  );
  const holders = new Map<string, number[]>();
  for (const { name, id } of rows) holders.set(name, [...(holders.get(name) ?? []), id]);
  return holders;
}
