import type { Doer } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound, Refused } from '../ground/errors.ts';
import { findHappenings, type Happening } from '../history/timeline.ts';
import { whyOver } from '../history/undo.ts';
import { dropLettersOf } from '../mail/letters.ts';
import { actUpon, actUponMany, type Done, type ManyAct, refusalIn } from './act.ts';
import type { Belonging } from './belongings.ts';
import { putBack } from './putback.ts';
import { asTaken } from './taken.ts';
import { letterOfUndoing } from './takenback.ts';
import { assertUndoable, isDeletion, isRestoring, obstaclesTo, type Upon } from './undoable.ts';
import { type User, userColumns } from './user.ts';

type Belongings = readonly Belonging[];

/**
 * Undoes one act: writes the values before, as an act of its own. Sessions that it ended do not come back. Throws NotFound, and
 * Refused with the reason: ten minutes over, undone already, changed since, no way back, or a rule that the way back is under.
 */
export async function undo(db: Db, by: Doer, historyId: number, belongings: Belongings): Promise<Done & Upon> {
  const { act, user } = await findUpon(db, historyId);
  const done = await actUpon(db, by, undoing([act], belongings), user.username, {}).catch(asTaken);
  return { ...done, act };
}

/** An act upon a user, and that user. Throws NotFound when there is no such act, or nobody any more to whom it was done. */
export async function findUpon(db: Db, historyId: number): Promise<Upon> {
  const [act] = await findHappenings(db, [historyId]);
  if (!act) throw new NotFound('There is no such act.');
  if (act.userId === null) throw new Refused('This kind of act cannot be undone.');
  const user: User | undefined = await db('users').where({ id: act.userId }).first(userColumns(db));
  if (!user) throw new NotFound('The account to which this was done has been erased.');
  return { act, user };
}

/** What undoing one of many acts came to: the number of the undoing, or the sentence why not. */
export type Undone = { act: number; historyId: number } | { act: number; refusal: string };

/** The acts to undo; `askedAt` is when it was asked for, where a job does it: its last act may be older than ten minutes. */
export type UndoMany = { acts: number[]; belongings: Belongings; askedAt?: Date | null };

/** Undoes each of these acts that can be undone, in few statements; of several upon one user only the last. For some hundreds. */
export async function undoMany(trx: Trx, by: Doer, { acts, belongings, askedAt = null }: UndoMany): Promise<Undone[]> {
  const found = await findHappenings(trx, acts, askedAt);
  const lastOf = new Map(found.toSorted((a, b) => a.id - b.id).map((act) => [act.userId, act]));
  const last = [...lastOf.values()].filter(({ userId }) => userId !== null);
  const ids = last.map(({ userId }) => userId as number);
  const outcomes = await actUponMany(trx, by, undoing(last, belongings), ids, {});
  const outcomeOf = new Map(outcomes.map(({ userId, ...outcome }) => [lastOf.get(userId)?.id, outcome]));
  const known = new Set(found.map(({ id }) => id));
  return acts.map((act) => {
    const refusal = known.has(act) ? 'A later act upon the same user is undone first.' : 'There is no such act.';
    return { act, ...(outcomeOf.get(act) ?? { refusal }) };
  });
}

/** Those of these acts that the actor could undo now. */
export async function undoableAmong(db: Db, by: Doer, happenings: Happening[]): Promise<Set<number>> {
  const recent = happenings.filter((act) => !whyOver(act));
  if (recent.length === 0) return new Set();
  const ids = recent.flatMap(({ userId }) => userId ?? []);
  const users: User[] = await db('users').whereRaw('id = any(?)', [ids]).select(userColumns(db));
  const userOf = new Map(users.map((user) => [user.id as number | null, user]));
  const upon = recent.flatMap((act) => {
    const user = userOf.get(act.userId);
    return user && isAllowed(by, { act, user }) ? [{ act, user }] : [];
  });
  const obstacles = await obstaclesTo(db, upon);
  return new Set(upon.map(({ act }) => act.id).filter((id) => !obstacles.has(id)));
}

/** A proof of identity can still be given when the button is pressed. */
function isAllowed(by: Doer, upon: Upon): boolean {
  const confirmed = by.id === null ? by : { ...by, isConfirmed: true };
  return refusalIn(() => assertUndoable(confirmed, upon)) === null;
}

/** Undoing these acts, one to a user, as an act upon many. Whose letter of the act has left hears how it is again. */
function undoing(acts: Happening[], belongings: Belongings): ManyAct {
  let told = new Set<number>();
  const actOf = new Map(acts.map((act) => [act.userId as number | null, act]));
  const withAct = (user: User): Upon => {
    const act = actOf.get(user.id);
    if (!act) throw new NotFound('The account to which this was done has been erased.');
    return { act, user };
  };
  return {
    act: 'undo act',
    recordedAs: 'user.undone',
    shape: {},
    changesCount: acts.some((act) => isDeletion(act) || isRestoring(act)),
    mayEndAdministrators: true,
    assertPossible: (by, user) => assertUndoable(by, withAct(user)),
    obstacles: async (db, users) => {
      const upon = users.map(withAct);
      const obstacles = await obstaclesTo(db, upon);
      const known = upon.filter(({ act }) => obstacles.has(act.id));
      return new Map(known.map(({ act, user }) => [user.id, obstacles.get(act.id) as Error]));
    },
    apply: async (trx, users) => {
      const upon = users.map(withAct);
      told = await dropLettersOf(
        trx,
        upon.map(({ act }) => act.id),
      );
      return putBack(trx, upon, belongings);
    },
    letter: (user) => (told.has(withAct(user).act.id) ? letterOfUndoing(withAct(user)) : null),
  };
}
