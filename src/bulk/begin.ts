import type { ZodRawShape } from 'zod';
import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import type { UserFilter } from '../users/filter.ts';
import { runnerFor } from '../users/runner.ts';
import { readForm, type Typed } from '../web/form.ts';
import type { BulkAct } from './acts.ts';
import type { Bulk, Upon } from './bulk.ts';
import { addUsers } from './selection.ts';

/** Whom an act is for: everybody who matches a filter, or those who are named. */
export type Whom = { upon: Upon; returnTo?: string } & ({ filter: UserFilter } | { ids: number[]; unknownNames?: string[] });

/**
 * Begins an act upon many users and returns its number. Nothing is done to them yet: first each is checked, see `runBulk`, or
 * what the check depends on is asked. Throws Invalid when there is nobody, Refused when the act is not for them.
 */
export async function beginBulk(db: Db, by: Actor, { act, many, upon }: BulkAct, whom: Whom): Promise<number> {
  assertCan(by, act);
  if (whom.upon !== upon) throw new Refused(upon === 'live' ? 'This is for users who live.' : 'This is for deleted users.');
  const isNamed = 'ids' in whom;
  if (isNamed && whom.ids.length === 0) throw new Invalid({ names: 'None of these is the username or address of a user.' });
  return db.transaction(async (trx) => {
    const [made] = await trx('bulks')
      .insert({
        madeBy: by.id,
        act,
        upon,
        state: Object.keys(askedFirst(many?.shape)).length > 0 ? 'asking' : 'checking',
        runBy: JSON.stringify(runnerFor(by)),
        returnTo: whom.returnTo ?? '/users',
        ...(isNamed
          ? { unknownNames: JSON.stringify(whom.unknownNames ?? []) }
          : { filter: JSON.stringify(whom.filter), gatheredTo: 0 }),
      })
      .returning('id');
    if (isNamed) await addUsers(trx, made.id, whom.ids);
    return made.id;
  });
}

/** Takes what the check of each user depends on, and has all of them checked, anew when they were before. Throws Invalid. */
export async function answerBulk(db: Db, by: Actor, bulk: Bulk, { act, many }: BulkAct, typed: Typed): Promise<void> {
  assertCan(by, act);
  const input = typedOf(typed, askedFirst(many?.shape));
  await db.transaction(async (trx) => {
    const answered = await trx('bulks')
      .where({ id: bulk.id })
      .whereIn('state', ['asking', 'ready'])
      .update({ state: 'checking', consequences: '[]', input: JSON.stringify(input), runBy: JSON.stringify(runnerFor(by)) });
    if (answered === 0) throw new Refused('This has been started already.');
    await trx('bulkRows').where({ bulkId: bulk.id }).update({ verdict: null, reason: '' });
  });
}

/** The fields on which it depends whether an act is possible; a reason is asked last, beside the button. */
export function askedFirst(shape: ZodRawShape = {}): ZodRawShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => name !== 'reason'));
}

/** The fields of a shape as they were typed, once they could be read. Throws Invalid. */
export function typedOf(typed: Typed, shape: ZodRawShape): Record<string, string> {
  readForm(typed, shape);
  const names = Object.keys(shape).map(snake);
  return Object.fromEntries(names.map((name) => [name, Object.hasOwn(typed, name) ? String(typed[name]) : '']));
}
