import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
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
};

export type Person = { id: number; username: string };

/**
 * Writes one act into the history, in the transaction of the act itself: neither exists without the other.
 * Names, addresses, values and reasons are personal: they lie beside the row, held to it by a salted digest.
 */
export async function record(trx: Trx, by: Author, act: RecordedAct, user: Person | null, details: Details = {}): Promise<void> {
  await recordAll(trx, by, act, [{ user, details }]);
}

/** The same act upon many users, a row for each, in one statement however many they are. */
export async function recordAll(
  trx: Trx,
  by: Author,
  act: RecordedAct,
  happened: { user: Person | null; details?: Details }[],
): Promise<void> {
  const nextSalt = drawSalts(2 * happened.length);
  const actorWords = JSON.stringify({ username: by.username, address: by.address });
  const acts = happened.map(({ user, details = {} }) => {
    const { outcome = 'done', ...rest } = details;
    const words = JSON.stringify({ username: user?.username, ...rest });
    return {
      outcome,
      userId: user?.id ?? null,
      actor: { salt: nextSalt(), words: actorWords },
      user: { salt: nextSalt(), words },
    };
  });
  const same = { act, actorId: by.id, sessionId: by.sessionId, requestId: by.requestId, actorWords };
  await trx.raw(insertActs, { ...same, ...inColumns(acts) } as Knex.ValueDict);
}

/** All at once: to ask the system for each by itself takes longer than all the rest. */
function drawSalts(count: number): () => Buffer {
  const salts = randomBytes(count * saltBytes);
  let drawn = 0;
  return () => {
    drawn += 1;
    return salts.subarray((drawn - 1) * saltBytes, drawn * saltBytes);
  };
}

const saltBytes = 16;

type Salted = { salt: Buffer; words: string };
type Act = { outcome: string; userId: number | null; actor: Salted; user: Salted };

/** A value for each column instead of one for each cell: to bind a cell costs more than to write it. */
const inColumns = (acts: Act[]) => ({
  outcomes: acts.map(({ outcome }) => outcome),
  userIds: acts.map(({ userId }) => userId),
  actorSalts: acts.map(({ actor }) => actor.salt),
  actorDigests: acts.map(({ actor }) => digestOf(actor)),
  userSalts: acts.map(({ user }) => user.salt),
  userDigests: acts.map(({ user }) => digestOf(user)),
  userWords: `[${acts.map(({ user }) => user.words).join(',')}]`,
});

/** The elements of a json array come out letter by letter as they went in: as the digest has them. */
const insertActs = `
  with acts as (
    select nextval('history_id_seq') as id, happened.*
    from rows from (
      unnest(:outcomes::text[], :userIds::bigint[]),
      unnest(:actorSalts::bytea[], :actorDigests::bytea[], :userSalts::bytea[], :userDigests::bytea[]),
      json_array_elements(:userWords::json)
    ) as happened (outcome, user_id, actor_salt, actor_digest, user_salt, user_digest, user_words)
  ),
  facts as (
    insert into history
      (id, act, outcome, actor_id, subject_id, user_id, session_id, request_id, actor_digest, user_digest)
    overriding system value
    select id, :act, outcome, :actorId::bigint, :actorId::bigint, user_id, :sessionId::bigint, :requestId, actor_digest, user_digest
    from acts
  )
  insert into history_words (history_id, part, person_id, salt, words)
  select id, 'actor', :actorId::bigint, actor_salt, :actorWords::json from acts
  union all select id, 'user', user_id, user_salt, user_words from acts`;

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

/** Empty and absent are the same to whoever reads it. */
const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : value === '' ? null : (value ?? null));
