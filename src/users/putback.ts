import { clock, type Trx } from '../ground/database.ts';
import { snake } from '../ground/names.ts';
import type { Changes, Happened } from '../history/record.ts';
import { voidLinks } from '../links/links.ts';
import { endSessions } from '../sessions/sessions.ts';
import type { Belonging } from './belongings.ts';
import { namesIn, writeGroups } from './groups.ts';
import { leavesFull } from './states.ts';
import { isDeletion, isInviting, isRestoring, type Upon, valuesBefore } from './undoable.ts';
import { idsOf, isVerified, type User, updateUsers } from './user.ts';

type Write = { user: User; values: Partial<User> };

/** Writes the values before these acts, one to a user, and ends what the way back ends; says what is to be recorded of each. */
export async function putBack(trx: Trx, upon: Upon[], belongings: readonly Belonging[]): Promise<Happened[]> {
  const now = await clock(trx);
  const writes = upon.map((one) => ({ user: one.user, values: valuesAfterwards(one, now) }));
  const deleted = writes.filter(({ values }) => values.deletedAt).map(({ user }) => user);
  for (const { end } of belongings) if (deleted.length > 0) await end?.(trx, deleted);
  await writeEach(trx, writes);
  const restored = writes.filter(({ user, values }) => user.deletedAt && values.deletedAt === null).map(({ user }) => user);
  for (const { bringBack } of belongings) if (restored.length > 0) await bringBack?.(trx, restored);
  const left = idsOf(writes.filter(leaves).map(({ user }) => user));
  await endSessions(trx, left);
  const invited = upon.filter(({ act }) => isInviting(act)).map(({ user }) => user.id);
  await voidLinks(trx, [...left, ...invited], ['activation', 'reset']);
  return upon.map(happened);
}

function valuesAfterwards(one: Upon, now: Date): Partial<User> {
  const values = valuesBefore(one);
  if (isDeletion(one.act)) return { ...values, deletedAt: now };
  return isRestoring(one.act) ? { ...values, deletedAt: null } : values;
}

/** As with the acts themselves: who leaves full standing, or is no longer verified, is signed out. */
function leaves({ user, values }: Write): boolean {
  const next = { ...user, ...values };
  return (next.state !== user.state && leavesFull.includes(next.state)) || (isVerified(user) && !isVerified(next));
}

/** Each user its own values: one statement for all in whom the same columns change. */
async function writeEach(trx: Trx, writes: Write[]): Promise<void> {
  const alike = new Map<string, Write[]>();
  for (const { user, values } of writes.filter((write) => Object.keys(write.values).length > 0)) {
    const { groups, ...rest } = values;
    if (groups !== undefined) await writeGroups(trx, user.id, namesIn(groups ?? ''));
    const columns = Object.keys(rest).sort().join();
    alike.set(columns, [...(alike.get(columns) ?? []), { user, values: rest }]);
  }
  for (const [columns, some] of alike) {
    if (columns) await writeColumns(trx, columns.split(','), some);
    else
      await updateUsers(
        trx,
        some.map(({ user }) => user),
        {},
      );
  }
}

async function writeColumns(trx: Trx, columns: string[], writes: Write[]): Promise<void> {
  const rows = writes.map(({ user, values }) =>
    Object.fromEntries([['id', user.id], ...Object.entries(values).map(([name, value]) => [snake(name), value])]),
  );
  await trx.raw(
    `update users set ${columns.map(() => '?? = given.??').join(', ')}, updated_at = now(), version = users.version + 1
     from json_populate_recordset(null::users, ?) as given where users.id = given.id`,
    [...columns.flatMap((name) => [name, name]), JSON.stringify(rows)],
  );
}

/** What was added had nothing before: undoing that is its deletion, no change of values. */
function happened({ act, user }: Upon): Happened {
  const reversed = Object.entries(act.changes).map(([name, [before, after]]) => [name, [after, before]]);
  const changes: Changes = act.act === 'user.added' ? {} : Object.fromEntries(reversed);
  return { user, details: { changes, undoes: act.id, facts: { undoes: act.id, undone: act.act } } };
}
