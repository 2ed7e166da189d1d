import type { Db } from '../ground/database.ts';
import { isSame } from '../ground/secrets.ts';
import { type Fact, type Link, nextLink, start } from './chain.ts';
import { digestOf } from './record.ts';

const batchSize = 2000;

/** What a check of the whole history found: the first row that is not as it was written, or none. */
export type Verdict = { checked: number; unsealed: number; broken: { historyId: number; why: string } | null };

type Words = { historyId: number; part: 'actor' | 'user'; salt: Buffer; words: string };
type Row = Link & { fact: Fact | undefined; actor: Words | undefined; user: Words | undefined; accounts: Set<unknown> };

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
  const wordsOf = new Map(words.map((word) => [`${word.part} ${word.historyId}`, word]));
  const accounts = await livingAmong(db, facts);
  return links.map((link) => {
    const fact = factOf.get(link.historyId);
    return {
      ...link,
      fact,
      actor: wordsOf.get(`actor ${link.historyId}`),
      user: wordsOf.get(`user ${link.historyId}`),
      accounts,
    };
  });
}

/** Of whom nothing has been erased, invited people too; asked after the words, so that a purge in between alarms nobody. */
async function livingAmong(db: Db, facts: Fact[]): Promise<Set<unknown>> {
  const ids = new Set(facts.flatMap(({ actorId, userId }) => [actorId, userId]));
  return new Set(
    await db('recordedPeople')
      .whereIn('id', [...ids].filter(Number.isInteger) as number[])
      .pluck('id'),
  );
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

function whatIsWrong(last: Link, { fact, actor, user, accounts, hash, position }: Row): string | null {
  if (position !== last.position + 1) return 'a link before it is missing';
  if (!fact) return 'the row is missing';
  if (!isSame(nextLink(last, fact).hash, hash)) return 'the row was changed';
  return (
    whatIsWrongWith('actor', actor, fact.actorDigest, isErased(fact.actorId, accounts)) ??
    whatIsWrongWith('user', user, fact.userDigest, isErased(fact.userId, accounts))
  );
}

/** Only erasing takes words away, and it takes the account or the invitation with them. */
const isErased = (id: unknown, accounts: Set<unknown>) => id !== null && !accounts.has(id);

function whatIsWrongWith(part: string, words: Words | undefined, digest: Buffer, isErased: boolean): string | null {
  if (!words) return isErased ? null : `the words of its ${part} are missing`;
  return isSame(digestOf(words), digest) ? null : `the words of its ${part} were changed`;
}

/** Each row is in the chain or waits for it: others were slipped past the sealing, or taken away before it. */
async function firstOutside(db: Db): Promise<Verdict['broken']> {
  const slippedIn = await db('history')
    .whereNotExists(db('historyChain').whereRaw('history_chain.history_id = history.id'))
    .whereNotExists(db('historyUnsealed').whereRaw('history_unsealed.history_id = history.id'))
    .orderBy('id')
    .first('id');
  if (slippedIn) return { historyId: slippedIn.id, why: 'the row stands outside the chain' };
  const takenAway = await db('historyUnsealed')
    .whereNotExists(db('history').whereRaw('history.id = history_unsealed.history_id'))
    .orderBy('historyId')
    .first('historyId');
  return takenAway ? { historyId: takenAway.historyId, why: 'the row is missing' } : null;
}

async function countUnsealed(db: Db): Promise<number> {
  const row = await db('historyUnsealed').count({ count: '*' }).first();
  return Number(row?.count);
}
