import { z } from 'zod';
import { assertCan } from '../access/can.ts';
import { type Profile, profileNames } from '../access/profiles.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, NotFound, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { changesBetween, type Happened } from '../history/record.ts';
import { readSettings } from '../settings/settings.ts';
import type { ManyAct } from './act.ts';
import { assertLive, groupsColumn, idsOf, type User, updateUsers } from './user.ts';

/** Profiles that groups restrict; the others hold none. */
export const groupedProfiles: readonly Profile[] = ['standard', 'group', 'monitor'];
export const holdsGroups = (profile: Profile) => groupedProfiles.includes(profile);

/** Names of groups in one text, as a user's row, forms and the history have them. */
export const namesIn = (text: string): string[] => [...new Set(text.split(/\s*,\s*/).filter(Boolean))];

/** The field of forms: a box for each group, joined into one text; left out, the groups stay as they are. */
export const groupsField = z
  .string()
  .max(60_000, 'Too many groups.')
  .refine((text) => !text.includes('\0'), 'Choose from the list.')
  .optional();

/** The boxes that are ticked, as that text: a browser sends each under the same name, and nothing where all are empty. */
export function joinGroups<Body extends Record<string, unknown>>(body: Body): Body & { groups?: string } {
  if (!('groups' in body) && !('groups_shown' in body)) return body;
  const names = [body.groups ?? []].flat().filter((name): name is string => typeof name === 'string');
  return { ...body, groups: names.filter(Boolean).join(', ') };
}

/** What a user may be put into, by name, with what the form says about it. */
export async function groupChoices(db: Db): Promise<{ groupChoices: string[]; restrictsNobody: boolean }> {
  const names: string[] = await db('groups').orderByRaw('fold(name)').limit(mostOffered).pluck('name');
  const { restrictions } = await readSettings(db);
  return { groupChoices: names, restrictsNobody: !restrictions };
}

const mostOffered = 500;

/** The groups that an edit leaves a user, as its row has them: none with a profile that holds none. Throws Invalid. */
export async function groupsAfter(
  trx: Trx,
  user: Pick<User, 'profile' | 'groups'>,
  { profile = user.profile, groups = user.groups }: { profile?: Profile; groups?: string | undefined },
): Promise<string> {
  if (holdsGroups(profile)) return (await findGroups(trx, namesIn(groups))).map(({ name }) => name).join(', ');
  const isAdded = namesIn(groups).some((name) => !namesIn(user.groups).includes(name));
  if (!isAdded) return '';
  throw new Invalid({
    groups: `The profile ${profileNames[profile]} holds no groups: untick them, or choose another profile.`,
  });
}

/** Writes which groups a user is in; the act that this belongs to records it. */
export async function writeGroups(trx: Trx, userId: number, names: string[]): Promise<void> {
  const groups = await findGroups(trx, names);
  await trx('groupUsers').where({ userId }).delete();
  if (groups.length > 0) await trx('groupUsers').insert(groups.map(({ id }) => ({ groupId: id, userId })));
}

/** Held against being deleted meanwhile. Throws Invalid when one is not there. */
async function findGroups(trx: Trx, names: string[]): Promise<{ id: number; name: string }[]> {
  const groups = await trx('groups')
    .whereRaw('fold(name) in (select fold(one) from unnest(?::text[]) as one)', [names])
    .orderByRaw('fold(name)')
    .forShare()
    .select('id', 'name');
  if (groups.length < names.length) throw new Invalid({ groups: 'One of these groups is not there any more.' });
  return groups;
}

/** Takes users out of all groups, as a profile that holds none does. */
export async function leaveGroups(trx: Trx, users: User[]): Promise<void> {
  await trx('groupUsers')
    .whereRaw('user_id = any(?)', [idsOf(users)])
    .delete();
}

/** Adds users to a group that they are not in yet; for one user the form of its edit does it. */
export const addToGroupAct: ManyAct<{ group: string }> = {
  act: 'set groups',
  recordedAs: 'user.groups-set',
  shape: { group: line(100).refine((name) => name !== '', 'Choose a group.') },
  assertPossible: (by, user, { group }) => {
    assertCan(by, 'set groups', user);
    assertLive(user);
    if (!holdsGroups(user.profile))
      throw new Refused(`${user.name} has the profile ${profileNames[user.profile]}, which holds no groups.`);
    if (namesIn(user.groups).includes(group)) throw new Refused(`${user.name} is in ${group} already.`);
  },
  obstacles: async (db, users, { group }) => {
    const found = await db('groups').where({ name: group }).first('id');
    return found ? new Map() : new Map(users.map(({ id }) => [id, new NotFound('There is no such group.')]));
  },
  apply: async (trx, users, { group }) => {
    await trx.raw(
      `insert into group_users (group_id, user_id) select id, unnest(?::bigint[]) from groups where name = ? on conflict do nothing`,
      [idsOf(users), group],
    );
    await updateUsers(trx, users, {});
    const after = await groupsOfUsers(trx, users);
    return users.map((user): Happened => {
      return { user, details: { changes: changesBetween(user, { groups: after.get(user.id) ?? '' }) } };
    });
  },
};

async function groupsOfUsers(trx: Trx, users: User[]): Promise<Map<number, string>> {
  const rows: { id: number; groups: string }[] = await trx('users')
    .whereRaw('id = any(?)', [idsOf(users)])
    .select('id', trx.raw(groupsColumn));
  return new Map(rows.map(({ id, groups }) => [id, groups]));
}
