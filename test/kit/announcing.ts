import type { Actor } from '../../src/access/actor.ts';
import { findAnnouncement } from '../../src/announcements/announcement.ts';
import { sendAnnouncement, workOn } from '../../src/announcements/send.ts';
import { type Written, writeAnnouncement } from '../../src/announcements/write.ts';
import type { Db } from '../../src/ground/database.ts';
import type { Visitor } from './visitor.ts';

const usual: Written = { title: 'Maintenance', text: 'On Sunday from 2 to 4.', words: '', mails: false, bannerUntil: null };

/** Keeps a draft; its number. */
export const draft = (db: Db, by: Actor, more: Partial<Written> = {}): Promise<number> =>
  writeAnnouncement(db, by, { ...usual, ...more });

/** Begins to send a draft, which nobody has yet; its number. */
export async function begin(db: Db, by: Actor, more: Partial<Written> = {}): Promise<number> {
  const id = await draft(db, by, more);
  await sendAnnouncement(db, by, { id, version: 1 });
  return id;
}

/** Sends an announcement to the end; as it is then. */
export async function announce(db: Db, by: Actor, more: Partial<Written> = {}) {
  const id = await begin(db, by, more);
  await workOn(db, id);
  return findAnnouncement(db, id);
}

/** Writes a draft as the form does, and is on its page then; its address. */
export async function writeDraft(visitor: Visitor, values: Record<string, string> = {}): Promise<string> {
  await visitor.get('/announcements/new');
  const { title, text } = usual;
  const page = await visitor.submit('/announcements/new', { title, text, to: 'all', ...values });
  return new URL(page.url).pathname;
}
