import type { Db } from '../ground/database.ts';
import { isSame } from '../ground/secrets.ts';
import { type Fact, type Link, nextLink, start } from './chain.ts';
import { digestOf } from './record.ts';

const batchSize = 2000;

/** What a check of the whole history found: the first row that is not as it was written, or none. */
export type Verdict = { checked: number; unsealed: number; broken: { historyId: number; why: string } | null };

type Words = { historyId: number; part: 'actor' | 'user'; salt: Buffer; words: string };
type Row = Link & { fact: Fact | undefined; words: Words[] };

/** Walks the chain from its first link. Erased words are in order (a purge); changed, missing or added rows are not. */
export async function verifyHistory(db: Db): Promise<Verdict> {
  let last: Link = start;
  for (;;) {
    const rows = await rowsAfter(db, last);
    const broken = firstBroken(last, rows);
    if (broken) return { checked: last.position, unsealed: await countUnsealed(db), broken };
    if (rows.length === 0) return { checked: last.position, unsealed: await countUnsealed(db), broken: await firstOutside(db) };
    last = rows.at(-1) as Link;
  }
}

async function rowsAfter(db: Db, last: Link): Promise<Row[]> {
  const links: Link[] = await db('historyChain').where('position', '>', last.position).orderBy('position').limit(batchSize);
  const ids = links.map((link) => link.historyId);
  const facts: Fact[] = await db('history').whereIn('id', ids);
  const words: Words[] = await db('historyWords')
    .whereIn('historyId', ids)
    .select('historyId', 'part', 'salt', db.raw('words::text as words'));
  const factOf = new Map(facts.map((fact) => [fact.id, fact]));
  const actorsWords = new Map(words.filter(({ part }) => part === 'actor').map((word) => [word.historyId, word]));
  const usersWords = new Map(words.filter(({ part }) => part === 'user').map((word) => [word.historyId, word]));
  return links.map((link) => {
    const parts = [actorsWords.get(link.historyId), usersWords.get(link.historyId)];
    return { ...link, fact: factOf.get(link.historyId), words: parts.filter((part) => part !== undefined) };
  });
}

function firstBroken(before: Link, rows: Row[]): Verdict['broken'] {
  let last = before;
  for (const row of rows) {
    const why = whatIsWrong(last, row);
    if (why) return { historyId: row.historyId, why };
    last = row;
  }
  return null;
}

function whatIsWrong(last: Link, { fact, words, hash, position }: Row): string | null {
  if (position !== last.position + 1) return 'a link before it is missing';
  if (!fact) return 'the row is missing';
  if (!isSame(nextLink(last, fact).hash, hash)) return 'the row was changed';
  const changed = words.find((word) => !isSame(digestOf(word), word.part === 'actor' ? fact.actorDigest : fact.userDigest));
  return changed ? `the words of its ${changed.part} were changed` : null;
}

/** A row that is neither in the chain nor waiting for it was slipped past the sealing. */
async function firstOutside(db: Db): Promise<Verdict['broken']> {
  const row = await db('history')
    .whereNotExists(db('historyChain').whereRaw('history_chain.history_id = history.id'))
    .whereNotExists(db('historyUnsealed').whereRaw('history_unsealed.history_id = history.id'))
    .orderBy('id')
    .first('id');
  return row ? { historyId: row.id, why: 'the row stands outside the chain' } : null;
}

async function countUnsealed(db: Db): Promise<number> {
  const row = await db('historyUnsealed').count({ count: '*' }).first();
  return Number(row?.count);
}
