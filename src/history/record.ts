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

/** The same act upon many users, a row for each, in one statement. Says the numbers of the rows, in their order. */
export async function recordAll(trx: Trx, by: Author, act: RecordedAct, happened: Happened[]): Promise<number[]> {
  const actorWords = JSON.stringify({ username: by.username, address: by.address });
  const nextSalt = drawSalts(2 * happened.length);
  const acts = happened.map(({ user, details = {} }) => {
    const { outcome = 'done', undoes = null, ...rest } = details;
    const words = JSON.stringify({ username: user?.username, ...rest });
    const parts = { actor: { salt: nextSalt(), words: actorWords }, user: { salt: nextSalt(), words } };
    return { outcome, undoes, userId: user?.id ?? null, ...parts };
  });
  const subjectId = by.connection?.user.id ?? by.id;
  const connectionId = by.connection?.id ?? null;
  const same = { act, actorId: by.id, subjectId, connectionId, sessionId: by.sessionId, requestId: by.requestId, actorWords };
  const { rows } = await trx.raw(insertActs, { ...same, ...inColumns(acts) } as Knex.ValueDict);
  return rows.map(({ id }: { id: number }) => id);
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
type Act = { outcome: string; undoes: number | null; userId: number | null; actor: Salted; user: Salted };

/** A value for each column instead of one for each cell: to bind a cell costs more than to write it. */
const inColumns = (acts: Act[]) => ({
  outcomes: acts.map(({ outcome }) => outcome),
  undoes: acts.map(({ undoes }) => undoes),
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
      unnest(:outcomes::text[], :undoes::bigint[], :userIds::bigint[]),
      unnest(:actorSalts::bytea[], :actorDigests::bytea[], :userSalts::bytea[], :userDigests::bytea[]),
      json_array_elements(:userWords::json)
    ) as happened (outcome, undoes, user_id, actor_salt, actor_digest, user_salt, user_digest, user_words)
  ),
  facts as (
    insert into history
      (id, act, outcome, undoes, actor_id, subject_id, connection_id, user_id, session_id, request_id, actor_digest, user_digest)
    overriding system value
    select id, :act, outcome, undoes, :actorId::bigint, :subjectId::bigint, :connectionId::bigint, user_id, :sessionId::bigint, :requestId,
      actor_digest, user_digest
    from acts
  ),
  words as (
    insert into history_words (history_id, part, person_id, salt, words)
    select id, 'actor', :actorId::bigint, actor_salt, :actorWords::json from acts
    union all select id, 'user', user_id, user_salt, user_words from acts
  )
  select id from acts order by id`;

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
