import type { ZodRawShape } from 'zod';
import type { Doer } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Forbidden, Invalid, NotFound, Refused } from '../ground/errors.ts';
import { type Happened, recordAll } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { issueLinks, type Purpose } from '../links/links.ts';
import { enqueueLetters, type NewLetter } from '../mail/letters.ts';
import { keepAnAdministrator } from './administrators.ts';
import { holdCounter } from './limit.ts';
import { asTaken } from './taken.ts';
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
  /** True where the number of living or of deleted accounts changes: the counter is held before any user is. */
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
  /** The letter that one of these users gets, as it was before the act; null for none. */
  letter?(user: User, input: Input): Omit<NewLetter, 'user'> | null;
  /** The link that the letter brings, where letters are what the act is for: then they are written, and go at once, always. */
  link?: Purpose;
};

/** What becomes of an act's letters: they go at once, or when the act can no longer be undone, or are not written. */
export type Mailing = 'now' | 'after undo' | 'none';

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
    return { user, historyId: await doToOne(trx, by, { act, input, mailing: 'now' }, user) };
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
  mailing: Mailing = 'now',
): Promise<Outcome[]> {
  if (act.changesCount) await holdCounter(trx);
  const users = await holdUsers(trx, ids);
  const refusals = await refusalsOf(trx, by, act, users, input);
  const possible = users.filter(({ id }) => !refusals.has(id));
  const isWatched = ({ profile }: User) => Boolean(act.mayEndAdministrators) && profile === 'administrator';
  const others = possible.filter((user) => !isWatched(user));
  const task = { act, input, mailing };
  const results = new Map<number, Result>([
    ...refusals,
    ...(await doTogether(trx, by, task, others)),
    ...(await doOneByOne(trx, by, task, possible.filter(isWatched))),
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

/** An act with what its form said, and when its letters go. */
type Task<Input> = { act: ManyAct<Input>; input: Input; mailing: Mailing };

/** All in a few statements; where the database refuses one of them, an address that was taken this moment, one by one. */
async function doTogether<Input>(trx: Trx, by: Doer, task: Task<Input>, users: User[]): Promise<Results> {
  try {
    const historyIds = await trx.transaction((inner) => doTo(inner, by, task, users));
    return users.map(({ id }, index) => [id, historyIds[index] as number]);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return doOneByOne(trx, by, task, users);
  }
}

async function doOneByOne<Input>(trx: Trx, by: Doer, task: Task<Input>, users: User[]): Promise<Results> {
  const results: Results = [];
  for (const user of users) {
    const one = trx.transaction((inner) => doToOne(inner, by, task, user)).catch(asTaken);
    results.push([user.id, await one.catch(asRefusal)]);
  }
  return results;
}

async function doToOne<Input>(trx: Trx, by: Doer, task: Task<Input>, user: User): Promise<number> {
  const [historyId] = await doTo(trx, by, task, [user]);
  if (task.act.mayEndAdministrators && user.profile === 'administrator') await keepAnAdministrator(trx);
  return historyId as number;
}

async function doTo<Input>(trx: Trx, by: Doer, task: Task<Input>, users: User[]): Promise<number[]> {
  if (users.length === 0) return [];
  const { act, input } = task;
  const historyIds = await recordAll(trx, by, act.recordedAs, await act.apply(trx, users, input));
  await writeLetters(trx, task, users, historyIds);
  return historyIds;
}

async function writeLetters<Input>(
  trx: Trx,
  { act, input, mailing }: Task<Input>,
  users: User[],
  historyIds: number[],
): Promise<void> {
  if (!act.letter || (mailing === 'none' && !act.link)) return;
  const written = users.flatMap((user, index) => {
    const letter = act.letter?.(user, input);
    return letter ? [{ letter: { ...letter, user }, historyId: historyIds[index] as number }] : [];
  });
  const letters = written.map(({ letter }) => letter);
  await enqueueLetters(trx, await withLinks(trx, act.link, letters), {
    historyIds: written.map(({ historyId }) => historyId),
    afterUndo: mailing === 'after undo' && !act.link,
  });
}

async function withLinks(trx: Trx, purpose: Purpose | undefined, letters: UserLetter[]): Promise<UserLetter[]> {
  if (!purpose || letters.length === 0) return letters;
  const holders = letters.map(({ user: { id, email } }) => ({ userId: id, email }));
  const links = await issueLinks(trx, purpose, holders);
  return letters.map((letter, index) => ({ ...letter, link: links[index] }));
}

type UserLetter = NewLetter & { user: User };

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
