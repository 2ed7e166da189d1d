import type { ZodRawShape } from 'zod';
import type { Doer } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Forbidden, Invalid, NotFound, Refused } from '../ground/errors.ts';
import { type Happened, recordAll } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { keepAnAdministrator } from './administrators.ts';
import { holdCounter } from './limit.ts';
import { asTaken, isTaken } from './taken.ts';
import { holdUser, holdUsers, type User } from './user.ts';

/** An act that can be done to any number of users at once; upon one it is the same act. */
export type ManyAct<Input = unknown> = {
  /** What can() is asked, and the name under which it is offered for many. */
  act: Act;
  recordedAs: RecordedAct;
  /** The fields of its form: what readForm makes of them is the input. */
  shape: ZodRawShape;
  /** True for what only the owning role may do: its transaction is one of the owner's database. */
  isForOwner?: boolean;
  /** True where the number of living accounts changes: the counter is held before any user is. */
  changesCount?: boolean;
  /** True where an administrator who was able may not be so any more. */
  mayEndAdministrators?: boolean;
  /** Whether whoever does it must have proved lately who it is. */
  needsProof?(input: Input): boolean;
  /** Throws Refused, Forbidden or NotFound with the sentence why this user, as it is now, cannot be acted upon. */
  assertPossible(by: Doer, user: User, input: Input): void;
  /** Why some of these users cannot be acted upon, where only the database knows: by their ids. */
  obstacles?(db: Db, users: User[], input: Input): Promise<Map<number, Error>>;
  /** Does it to users that are held and possible, in few statements whatever their number; says what is to be recorded of each. */
  apply(trx: Trx, users: User[], input: Input): Promise<Happened[]>;
};

/** Who was acted upon, as it was before, and the act's number in the history, by which it is undone; null when nothing was to do. */
export type Done = { user: User; historyId: number | null };

/** What an act upon many came to for one of them. */
export type Outcome = { userId: number; historyId: number } | { userId: number; refusal: string };

/** Does an act to one user. Throws what the act says against it, and Refused when no able administrator would remain. */
export async function actUpon<Input>(db: Db, by: Doer, act: ManyAct<Input>, username: string, input: Input): Promise<Done> {
  return db.transaction(async (trx) => {
    if (act.changesCount) await holdCounter(trx);
    const user = await holdUser(trx, username);
    const refusal = (await refusalsOf(trx, by, act, [user], input)).get(user.id);
    if (refusal) throw refusal;
    return { user, historyId: await doToOne(trx, by, act, user, input) };
  });
}

/**
 * Does an act to each of these users who can be acted upon, in few statements; who cannot gets the sentence why. Of the able
 * administrators the last is refused and the others are done. For some hundreds at a time: all of them are held until the end.
 */
export async function actUponMany<Input>(
  trx: Trx,
  by: Doer,
  act: ManyAct<Input>,
  ids: number[],
  input: Input,
): Promise<Outcome[]> {
  if (act.changesCount) await holdCounter(trx);
  const users = await holdUsers(trx, ids);
  const refusals = await refusalsOf(trx, by, act, users, input);
  const possible = users.filter(({ id }) => !refusals.has(id));
  const isWatched = ({ profile }: User) => Boolean(act.mayEndAdministrators) && profile === 'administrator';
  const others = possible.filter((user) => !isWatched(user));
  const results = new Map<number, Result>([
    ...refusals,
    ...(await doTogether(trx, by, act, others, input)),
    ...(await doOneByOne(trx, by, act, possible.filter(isWatched), input)),
  ]);
  return ids.map((userId) => outcomeOf(userId, results.get(userId)));
}

/** Why each of these users cannot be acted upon, by id; who can is not in it. Asked for previews, and again when it is done. */
export async function refusalsOf<Input>(
  db: Db,
  by: Doer,
  act: ManyAct<Input>,
  users: User[],
  input: Input,
): Promise<Map<number, Error>> {
  const refusals = new Map<number, Error>();
  for (const user of users) {
    const refusal = refusalIn(() => act.assertPossible(by, user, input));
    if (refusal) refusals.set(user.id, refusal);
  }
  const others = users.filter(({ id }) => !refusals.has(id));
  const obstacles = others.length > 0 ? await act.obstacles?.(db, others, input) : undefined;
  return new Map([...refusals, ...(obstacles ?? [])]);
}

/** What a check says against it, or null. */
export function refusalIn(check: () => void): Error | null {
  try {
    check();
    return null;
  } catch (error) {
    return asRefusal(error);
  }
}

/** The number of the act in the history, or what was said against it. */
type Result = number | Error;
type Results = [userId: number, Result][];

/** All in a few statements; where the database refuses one of them, an address that was taken this moment, one by one. */
async function doTogether<Input>(trx: Trx, by: Doer, act: ManyAct<Input>, users: User[], input: Input): Promise<Results> {
  try {
    const historyIds = await trx.transaction((inner) => doTo(inner, by, act, users, input));
    return users.map(({ id }, index) => [id, historyIds[index] as number]);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return doOneByOne(trx, by, act, users, input);
  }
}

async function doOneByOne<Input>(trx: Trx, by: Doer, act: ManyAct<Input>, users: User[], input: Input): Promise<Results> {
  const results: Results = [];
  for (const user of users) {
    const one = trx.transaction((inner) => doToOne(inner, by, act, user, input)).catch(asTaken);
    results.push([user.id, await one.catch(asRefusal)]);
  }
  return results;
}

async function doToOne<Input>(trx: Trx, by: Doer, act: ManyAct<Input>, user: User, input: Input): Promise<number> {
  const [historyId] = await doTo(trx, by, act, [user], input);
  if (act.mayEndAdministrators && user.profile === 'administrator') await keepAnAdministrator(trx);
  return historyId as number;
}

async function doTo<Input>(trx: Trx, by: Doer, act: ManyAct<Input>, users: User[], input: Input): Promise<number[]> {
  if (users.length === 0) return [];
  return recordAll(trx, by, act.recordedAs, await act.apply(trx, users, input));
}

/** What a rule says against it; any other error is our mistake and rises. */
function asRefusal(error: unknown): Error {
  const isRefusal = [Refused, Forbidden, NotFound, Invalid].some((kind) => error instanceof kind);
  if (isRefusal) return error as Error;
  throw error;
}

function outcomeOf(userId: number, result: Result | undefined): Outcome {
  if (typeof result === 'number') return { userId, historyId: result };
  return { userId, refusal: result?.message ?? 'There is no such user any more.' };
}
