import type pg from 'pg';
import { matching } from './scenarios/searches.ts';

/** What is searched for: a part of what, the word, and how many live accounts it matches. */
export type Word = { about: string; word: string; count: number };

/** A word with the share of the crowd that it should match, as seeds/crowd.ts draws names, domains and telephones. */
type Guess = [word: string, share: number];

const perFirstName = 1 / 40;
const perLastName = 1 / 40;
const perOrganization = 0.3 / 10;

const guesses: Record<string, Guess[]> = {
  name: [
    ['ova', 3 * perLastName],
    ['smirnova', perLastName],
    ['smirnova logistics', perLastName * perOrganization],
    ['ines smirnova', perFirstName * perLastName],
    ['ines smirnova logistics', perFirstName * perLastName * perOrganization],
  ],
  email: [
    ['@fleet.example', 1 / 5],
    ...withDigits((digits) => `${digits}@example.`, 3 / 5),
    ...withDigits((digits) => `ines.smirnova${digits}`, perFirstName * perLastName),
  ],
  phone: withDigits((digits) => `37529${digits}`, 0.8 / 4),
  username: withDigits((digits) => `user-${digits}`, 1.1),
};

/** Each digit more leaves about a tenth. */
function withDigits(word: (digits: string) => string, share: number): Guess[] {
  return [0, 1, 2, 3, 4, 5, 6].map((count) => [word('1234567'.slice(0, count)), share / 10 ** count]);
}

const few = 100;
const many = 100_000;

/** Words for about 100 and about 100,000 matches (a tenth of a smaller crowd), for none, and of two letters; with true counts. */
export async function chooseWords(pool: pg.Pool, users: number): Promise<Word[]> {
  const sizes = [few, Math.min(many, users / 10)];
  const chosen = Object.entries(guesses).flatMap(([about, some]) =>
    sizes.map((size) => ({ about, word: nearest(some, users, size) })),
  );
  const all = [...chosen, { about: 'nothing', word: 'zzqqzz' }, { about: 'two letters', word: 'iv' }];
  const words: Word[] = [];
  for (const { about, word } of all) words.push({ about, word, count: await count(pool, word) });
  return words;
}

function nearest(guesses: Guess[], users: number, size: number): string {
  const distance = ([, share]: Guess) => Math.abs(Math.log((share * users) / size));
  return guesses.reduce((best, one) => (distance(one) < distance(best) ? one : best))[0];
}

async function count(pool: pg.Pool, word: string): Promise<number> {
  const { rows } = await pool.query(`select count(*) from users where deleted_at is null and ${matching(word)}`);
  return Number(rows[0].count);
}
