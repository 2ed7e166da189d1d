import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { assertLive, holdUser, touched, type User } from '../users/user.ts';
import type { Group } from './group.ts';

/** The groups of a user, by name. */
export const groupsOf = (db: Db, userId: number): Promise<Pick<Group, 'id' | 'name'>[]> =>
  db('groupUsers')
    .join('groups', 'groups.id', 'groupUsers.groupId')
    .where({ userId })
    .orderByRaw('fold(groups.name)')
    .select('groups.id', 'groups.name');

/** Profiles that groups restrict; the others hold none. */
export const groupedProfiles = ['standard', 'group', 'monitor'] as const;

/**
 * Puts a user into exactly these groups; what changes is recorded. Throws Invalid beside `groups` for one that is not there, Refused
 * for a profile that holds none: administrators always have full access, customers see their own.
 */
export async function setGroups(db: Db, by: Doer, username: string, groupIds: number[]): Promise<User> {
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, username);
    assertCan(by, 'set groups', user);
    assertLive(user);
    await writeGroups(trx, by, user, groupIds);
    return user;
  });
}

/** The same within the transaction of another act upon a user who is held. */
export async function writeGroups(trx: Trx, by: Doer, user: User, groupIds: number[]): Promise<void> {
  assertMayHold(user, groupIds);
  const known = await trx('groups').whereRaw('id = any(?)', [groupIds]).orderBy('id').forShare().select('id', 'name');
  if (known.length < new Set(groupIds).size) throw new Invalid({ groups: 'One of these groups is not there any more.' });
  const before = await groupsOf(trx, user.id);
  const names = (groups: { name: string }[]) =>
    groups
      .map(({ name }) => name)
      .sort()
      .join(', ') || null;
  if (names(before) === names(known)) return;
  await trx('groupUsers').where({ userId: user.id }).delete();
  if (known.length > 0) await trx('groupUsers').insert(known.map(({ id }) => ({ groupId: id, userId: user.id })));
  await trx('users').where({ id: user.id }).update(touched(trx));
  await record(trx, by, 'user.groups-set', user, { changes: { groups: [names(before), names(known)] } });
}

/** Administrators hold no groups: whoever is made one leaves them. */
export function assertMayHold({ profile }: Pick<User, 'profile'>, groupIds: number[]): void {
  const isGrouped = (groupedProfiles as readonly string[]).includes(profile);
  if (groupIds.length > 0 && !isGrouped)
    throw new Refused(`Groups cannot be given to the profile ${profileNames[profile]}: it is not restricted to groups.`);
}

/** Puts things into a group or takes them out; says how many changed. Things that are gone are passed over. */
export async function changeThings(
  db: Db,
  by: Doer,
  group: Group,
  { add = [], remove = [] }: { add?: number[]; remove?: number[] },
): Promise<number> {
  assertCan(by, 'manage groups');
  return db.transaction(async (trx) => {
    const { rows: added } = await trx.raw(
      `insert into group_things (group_id, thing_id) select ?, id from things where id = any(?) and hidden_at is null
       on conflict do nothing returning thing_id`,
      [group.id, add],
    );
    const removed = await trx('groupThings').where({ groupId: group.id }).whereRaw('thing_id = any(?)', [remove]).delete();
    const facts = { group: group.id, name: group.name, added: added.length, removed };
    if (added.length + removed > 0) await record(trx, by, 'group.things-changed', null, { facts });
    return added.length + removed;
  });
}
