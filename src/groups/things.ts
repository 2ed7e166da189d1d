import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { type Group, holdGroup } from './group.ts';

/** Puts things into a group or takes them out; says how many changed. Things that are gone are passed over. Throws NotFound. */
export async function changeThings(
  db: Db,
  by: Doer,
  { id }: Pick<Group, 'id'>,
  { add = [], remove = [] }: { add?: number[]; remove?: number[] },
): Promise<number> {
  assertCan(by, 'manage groups');
  return db.transaction(async (trx) => {
    const group = await holdGroup(trx, id);
    const { rows: added } = await trx.raw(
      `insert into group_things (group_id, thing_id) select ?::bigint, id from things where id = any(?) and hidden_at is null
       on conflict do nothing returning thing_id`,
      [group.id, add],
    );
    const removed = await trx('groupThings').where({ groupId: group.id }).whereRaw('thing_id = any(?)', [remove]).delete();
    const facts = { group: group.id, name: group.name, added: added.length, removed };
    if (added.length + removed > 0) await record(trx, by, 'group.things-changed', null, { facts });
    return added.length + removed;
  });
}
