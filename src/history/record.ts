import { createHash, randomBytes } from 'node:crypto';
import type { Author } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import type { RecordedAct } from './words.ts';

/** A value before and after; dates as ISO text. */
export type Changes = Record<string, [before: unknown, after: unknown]>;

export type Details = {
  changes?: Changes;
  /** Why, as the actor gave it. */
  reason?: string;
  /** Whatever else belongs to the act, without secrets. */
  facts?: Record<string, unknown>;
  outcome?: 'done' | 'refused' | 'failed';
  /** The number of the act that this one undoes: none is undone twice. */
  undoes?: number;
};

export type Person = { id: number; username: string };

/** One act upon somebody, to be recorded. */
export type Happened = { user: Person | null; details?: Details };

/**
 * Writes one act into the history, in the transaction of the act itself: neither exists without the other. Says its number.
 * Names, addresses, values and reasons are personal: they lie beside the row, held to it by a salted digest.
 */
export async function record(
  trx: Trx,
  by: Author,
  act: RecordedAct,
  user: Person | null,
  details: Details = {},
): Promise<number> {
  const [id] = await recordAll(trx, by, act, [{ user, details }]);
  return id as number;
}

/** The same act upon many users, a row for each, in two statements. Says the numbers of the rows, in their order. */
export async function recordAll(trx: Trx, by: Author, act: RecordedAct, happened: Happened[]): Promise<number[]> {
  const rows = happened.map(({ user, details = {} }) => describe(by, act, user, details));
  const inserted = await trx('history')
    .insert(rows.map(({ row }) => row))
    .returning('id');
  const words = rows.flatMap(({ parts }, index) => parts.map((part) => ({ ...part, historyId: inserted[index].id })));
  await trx('historyWords').insert(words);
  return inserted.map(({ id }) => id);
}

function describe(by: Author, act: RecordedAct, user: Person | null, { outcome = 'done', undoes, ...details }: Details) {
  const actor = part('actor', by.id, { username: by.username, address: by.address });
  const target = part('user', user?.id ?? null, { username: user?.username, ...details });
  const row = {
    act,
    outcome,
    actorId: by.id,
    subjectId: by.id,
    userId: user?.id ?? null,
    sessionId: by.sessionId,
    requestId: by.requestId,
    undoes: undoes ?? null,
    actorDigest: digestOf(actor),
    userDigest: digestOf(target),
  };
  return { row, parts: [actor, target] };
}

function part(name: 'actor' | 'user', personId: number | null, words: object) {
  return { part: name, personId, salt: randomBytes(16), words: JSON.stringify(words) };
}

/** The digest that a history row keeps of the words beside it; without the salt nobody can guess them back. */
export const digestOf = ({ salt, words }: { salt: Buffer; words: string }) =>
  createHash('sha256').update(salt).update(words).digest();

/** What differs between two versions of a record, as before and after. */
export function changesBetween<T extends object>(before: T, after: Partial<T>): Changes {
  const changes: Changes = {};
  for (const [name, value] of Object.entries(after)) {
    const was = before[name as keyof T];
    if (plain(was) !== plain(value)) changes[name] = [plain(was), plain(value)];
  }
  return changes;
}

/** A value as it is recorded: empty and absent are the same to whoever reads it. */
export const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : value === '' ? null : (value ?? null));
