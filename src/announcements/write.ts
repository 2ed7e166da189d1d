import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { applyFilter, isUnfiltered, readFilter, type UserFilter } from '../users/filter.ts';
import { type Announcement, holdAnnouncement } from './announcement.ts';

/** What somebody writes: `words` as the search box of the list of users takes them, '' for everybody. */
export type Written = Pick<Announcement, 'title' | 'text' | 'words' | 'mails' | 'bannerUntil'>;

/** Keeps a draft, which nobody is told of yet; says its number. Throws Invalid beside `words` that no filter understands. */
export async function writeAnnouncement(db: Db, by: Actor, written: Written): Promise<number> {
  assertCan(by, 'write announcement');
  const filter = JSON.stringify(filterOf(db, written.words));
  return db.transaction(async (trx) => {
    const [{ id }] = await trx('announcements')
      .insert({ ...written, filter, madeBy: by.id })
      .returning('id');
    await record(trx, by, 'announcement.written', null, { facts: { announcement: id, title: written.title } });
    return id;
  });
}

type Edit = { id: number; version: number; written: Written };

/** Changes a draft. Throws Refused when it was sent meanwhile, Changed when somebody saved it since, and Invalid as `writeAnnouncement`. */
export async function editAnnouncement(db: Db, by: Actor, { id, version, written }: Edit): Promise<void> {
  assertCan(by, 'write announcement');
  const filter = filterOf(db, written.words);
  await db.transaction(async (trx) => {
    const draft = await holdDraft(trx, id);
    if (draft.version !== version) throw new Changed(`“${draft.title}”`);
    const { words, ...changes } = changesBetween<Written>(draft, written);
    if (!words && Object.keys(changes).length === 0) return;
    await trx('announcements')
      .where({ id })
      .update({ ...written, filter: JSON.stringify(filter), version: version + 1 });
    // The filter words themselves are not recorded: one may be somebody's name.
    const filteredBy = words && Object.entries(filter).flatMap(([name, value]) => (value ? [name] : []));
    const facts = { announcement: id, title: written.title, ...(filteredBy ? { filteredBy } : {}) };
    await record(trx, by, 'announcement.edited', null, { changes, facts });
  });
}

/** Throws a draft away. Throws Refused when it was sent meanwhile. */
export async function deleteDraft(db: Db, by: Actor, id: number): Promise<void> {
  assertCan(by, 'write announcement');
  await db.transaction(async (trx) => {
    const { title } = await holdDraft(trx, id);
    await trx('announcements').where({ id }).delete();
    await record(trx, by, 'announcement.deleted', null, { facts: { announcement: id, title } });
  });
}

/** A draft, locked until the transaction ends. Throws Refused when it was sent meanwhile. */
export async function holdDraft(trx: Trx, id: number): Promise<Announcement> {
  const found = await holdAnnouncement(trx, id);
  if (found.state !== 'draft') throw new Refused('It has been sent meanwhile and can no longer be changed.');
  return found;
}

/** Words that are not understood must not come to mean everybody. */
function filterOf(db: Db, words: string): UserFilter {
  const filter = readFilter({ q: words });
  const problems = Object.values(applyFilter(db.queryBuilder(), filter));
  if (problems.length > 0) throw new Invalid({ words: problems.join(' ') });
  if (words !== '' && isUnfiltered(filter)) throw new Invalid({ words: 'These words narrow nothing.' });
  return filter;
}
