import type { z } from 'zod';
import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { Changed, Invalid, NotFound, Refused } from '../ground/errors.ts';
import { line, text, versionField } from '../ground/fields.ts';
import { patternOf } from '../ground/search.ts';
import { changesBetween, record } from '../history/record.ts';

/** A named set of things, and of the users who are restricted to them. */
export type Group = { id: number; name: string; description: string; version: number; createdAt: Date; updatedAt: Date };
export type GroupLine = Group & { things: number; users: number };

export const groupFields = {
  name: line(100)
    .refine((value) => value !== '', 'A name is needed.')
    .refine((value) => !value.includes(','), 'A name without commas: lists of groups have them between.')
    .refine((value) => !/^(!|none$)/i.test(value), 'Not “none”, and no ! in front: in a search they mean something else.'),
  description: text(2000),
};
export type GroupValues = z.output<z.ZodObject<typeof groupFields>>;

/** Groups that somebody sees, by name, with how much is in them; `within` limits them to these. */
export async function listGroups(
  db: Db,
  { q = '', within = null }: { q?: string; within?: readonly number[] | null } = {},
): Promise<GroupLine[]> {
  const pattern = patternOf(q);
  return db('groups')
    .modify((query) => {
      if (within) query.whereRaw('groups.id = any(?)', [[...within]]);
      if (pattern) query.whereRaw(`fold(groups.name) like '%' || fold(?) || '%'`, [pattern]);
    })
    .orderByRaw('fold(groups.name)')
    .limit(mostListed)
    .select('groups.*', db.raw(count('thing')), db.raw(count('user')));
}

/** More groups than anybody looks through; the search narrows them. */
const mostListed = 500;

/** Counted up to a thousand, as far as anybody wants to know it in a list. */
const count = (member: 'thing' | 'user') =>
  `(select count(*) from (select from group_${member}s m where m.group_id = groups.id limit 1001) as seen)::int as ${member}s`;

/** The number of saves that a form was opened after. */
export const groupVersion = versionField('Open the form again: it does not say which version of the group it changes.');

/** How much is in a group, exactly. */
export async function countIn(db: Db, groupId: number): Promise<{ things: number; users: number }> {
  const row = await db('groups')
    .where({ id: groupId })
    .first(
      db.raw(
        '(select count(*) from group_things m join things on things.id = m.thing_id and hidden_at is null where group_id = groups.id) as things',
      ),
      db.raw(
        '(select count(*) from group_users m join users on users.id = m.user_id and deleted_at is null where group_id = groups.id) as users',
      ),
    );
  return { things: Number(row?.things ?? 0), users: Number(row?.users ?? 0) };
}

/** Throws NotFound; `within` limits it to these. */
export async function findGroup(db: Db, id: number | null, within: readonly number[] | null = null): Promise<Group> {
  const isOutside = within !== null && !within.includes(id ?? 0);
  const group = id === null || isOutside ? undefined : await db('groups').where({ id }).first();
  if (!group) throw new NotFound('There is no such group.');
  return group;
}

/** Creates a group. Throws Invalid when its name is taken, in whatever case. */
export async function createGroup(db: Db, by: Doer, values: GroupValues): Promise<Group> {
  assertCan(by, 'manage groups');
  const create = async (trx: Trx): Promise<Group> => {
    const [group] = await trx('groups').insert(values).returning('*');
    await record(trx, by, 'group.created', null, { facts: { group: group.id, name: group.name } });
    return group;
  };
  return db.transaction(create).catch(asTaken);
}

/** Renames or describes a group. Throws Invalid, NotFound, and Changed when somebody saved it since the form was opened. */
export async function editGroup(db: Db, by: Doer, { id, version, values }: { id: number; version: number; values: GroupValues }) {
  assertCan(by, 'manage groups');
  const edit = async (trx: Trx): Promise<Group> => {
    const group = await holdGroup(trx, id);
    if (group.version !== version) throw new Changed(group.name);
    const changes = changesBetween(group, values);
    if (Object.keys(changes).length === 0) return group;
    await trx('groups')
      .where({ id })
      .update({ ...values, version: version + 1, updatedAt: trx.raw('now()') });
    await record(trx, by, 'group.edited', null, { changes, facts: { group: id, name: values.name } });
    return { ...group, ...values };
  };
  return db.transaction(edit).catch(asTaken);
}

/**
 * Deletes a group; its things stay. A user whose last group it was would see everything (standard, monitor): Refused while anybody
 * is restricted to this group alone.
 */
export async function deleteGroup(db: Db, by: Doer, id: number): Promise<Group> {
  assertCan(by, 'manage groups');
  return db.transaction(async (trx) => {
    const group = await holdGroup(trx, id);
    const freed = await freedWithout(trx, id);
    if (freed.length > 0)
      throw new Refused(`${list(freed)} would see all things without ${group.name}. Give them another group or profile first.`);
    await trx('groups').where({ id }).delete();
    await record(trx, by, 'group.deleted', null, { facts: { group: id, name: group.name } });
    return group;
  });
}

/** The group, locked until the transaction ends. Throws NotFound. */
export async function holdGroup(trx: Trx, id: number): Promise<Group> {
  const group = await trx('groups').where({ id }).forUpdate().first();
  if (!group) throw new NotFound('There is no such group.');
  return group;
}

/** Who is in this group alone and sees everything once it is in none; the deleted too, who may be restored. */
async function freedWithout(trx: Trx, groupId: number): Promise<string[]> {
  const users: { name: string; deletedAt: Date | null }[] = await trx('groupUsers as one')
    .join('users', 'users.id', 'one.userId')
    .where({ 'one.groupId': groupId })
    .whereIn('users.profile', ['standard', 'monitor'])
    .whereNotExists(trx('groupUsers as other').whereRaw('other.user_id = one.user_id and other.group_id <> one.group_id'))
    .orderBy('users.username')
    .limit(4)
    .select('users.name', 'users.deletedAt');
  return users.map(({ name, deletedAt }) => (deletedAt ? `${name} (deleted)` : name));
}

const list = (names: string[]) => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and others` : names.join(', '));

function asTaken(error: unknown): never {
  if (!isTaken(error)) throw error;
  throw new Invalid({ name: 'Another group has this name.' });
}
