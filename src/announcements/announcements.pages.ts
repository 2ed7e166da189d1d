import type { Request, Response } from 'express';
import { z } from 'zod';
import { Changed, Invalid, Refused } from '../ground/errors.ts';
import { endOfDay, idOrNull, line, oneOf, text, tick, versionField } from '../ground/fields.ts';
import { partsOf } from '../notifications/parts.ts';
import { readSettings } from '../settings/settings.ts';
import { longestSearch } from '../users/filter.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, type Typed, typedAgain, typedUpon } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { addressWith, pagerOf, readSpan, type Turn } from '../web/pager.ts';
import { type Announcement, byNumber, findAnnouncement, listAnnouncements } from './announcement.ts';
import { countReach } from './receivers.ts';
import { pathOf, reachSays, shownOf } from './shown.ts';
import { deleteDraft, editAnnouncement, type Written, writeAnnouncement } from './write.ts';

type Errors = Record<string, string>;

const longestTitle = 100;
const longestText = 4000;

/** Every announcement, the newest first. */
export const showAnnouncements = async (req: Request, res: Response) => {
  const { limit, ...cursors } = readSpan(req.query, byNumber);
  const list = await listAnnouncements(dbOf(req), { limit, ...cursors });
  const to = (turn: Turn) => addressWith('/announcements', {}, turn);
  const { currency } = contextOf(req).config;
  await page(req, res, 'announcements/list', {
    title: 'Announcements',
    section: 'announcements',
    rows: list.rows.map((one) => shownOf(one, currency)),
    pager: pagerOf(list, { to, limit, noun: ['announcement', 'announcements'] }),
  });
};

/** One announcement: a draft with who would get it and how it will look, or what has become of it. */
export const showAnnouncement = async (req: Request, res: Response) => {
  const found = await find(req);
  const isDraft = found.state === 'draft';
  const { outgoingMail } = await readSettings(dbOf(req));
  await page(req, res, 'announcements/show', {
    title: found.title,
    section: 'announcements',
    refresh: found.state === 'sending' ? 2 : null,
    announcement: shownOf(found, contextOf(req).config.currency),
    parts: partsOf(found.text),
    reach: isDraft ? reachSays(await countReach(dbOf(req), found.filter), found.mails) : [],
    outgoingMail,
  });
};

export const showNew = (req: Request, res: Response) => form(req, res, null, { to: 'all' });

export const postNew = async (req: Request, res: Response) => {
  try {
    const id = await writeAnnouncement(dbOf(req), actorOf(req), writtenIn(readForm(req.body, shape)));
    res.redirect(303, pathOf({ id }));
  } catch (error) {
    await mend(req, res, error, null);
  }
};

export const showEdit = async (req: Request, res: Response) => {
  const draft = await findDraft(req);
  const { title, text, words, mails, version, bannerUntil } = draft;
  const day = bannerUntil?.toISOString().slice(0, 10);
  const choices = { to: words ? 'some' : 'all', mails: mails ? 'on' : '', banner_until: day };
  await form(req, res, draft, { title, text, words, version, ...choices });
};

export const postEdit = async (req: Request, res: Response) => {
  const draft = await findDraft(req);
  try {
    const { version, ...typed } = readForm(req.body, { ...shape, version: draftVersion });
    await editAnnouncement(dbOf(req), actorOf(req), { id: draft.id, version, written: writtenIn(typed) });
    await done(req, res, pathOf(draft), 'The draft has been saved.');
  } catch (error) {
    await mend(req, res, error, draft);
  }
};

export const showDelete = async (req: Request, res: Response) => {
  const draft = await findDraft(req);
  const title = `Delete the draft “${draft.title}”`;
  await page(req, res, 'announcements/delete', { title, section: 'announcements', announcement: draft, path: pathOf(draft) });
};

export const postDelete = async (req: Request, res: Response) => {
  const { id, title } = await find(req);
  await deleteDraft(dbOf(req), actorOf(req), id);
  await done(req, res, '/announcements', `The draft “${title}” has been deleted.`);
};

export const find = (req: Request): Promise<Announcement> => findAnnouncement(dbOf(req), idOrNull(req.params.id));

/** What is sent is as it is: it can be withdrawn, not changed. */
export async function findDraft(req: Request): Promise<Announcement> {
  const found = await find(req);
  if (found.state !== 'draft') throw new Refused('It has been sent and can no longer be changed. It can be withdrawn.');
  return found;
}

const shape = {
  title: line(longestTitle).refine((value) => value !== '', 'A title is needed.'),
  text: text(longestText).refine((value) => value !== '', 'A text is needed.'),
  to: z.preprocess((value) => value ?? '', oneOf(['all', 'some'], 'Choose who gets it.')),
  words: line(longestSearch),
  mails: tick,
  bannerUntil: endOfDay.refine((until) => until === null || until > new Date(), 'This day is over.'),
};

export const draftVersion = versionField('Open the page again: this form does not say which version of the draft it is about.');

function writtenIn({ to, ...written }: z.output<z.ZodObject<typeof shape>>): Written {
  if (to === 'all') return { ...written, words: '' };
  if (written.words === '') throw new Invalid({ words: 'Filter words are needed, such as profile:customer.' });
  return written;
}

/** The form again: with what is to be mended, or with what somebody else did meanwhile. */
async function mend(req: Request, res: Response, error: unknown, draft: Announcement | null): Promise<void> {
  const typed = typedAgain(req.body);
  if (error instanceof Changed) return changed(req, res, error);
  if (error instanceof Refused) return form(req, res.status(409), draft, typed, { '': error.message });
  if (!(error instanceof Invalid)) throw error;
  await form(req, res.status(422), draft, typed, error.fields);
}

async function changed(req: Request, res: Response, { message }: Changed): Promise<void> {
  const now = await findDraft(req);
  await form(req, res.status(409), now, typedUpon(req.body, now), { '': message }, now);
}

async function form(
  req: Request,
  res: Response,
  draft: Announcement | null,
  values: Typed,
  errors: Errors = {},
  now: Announcement | null = null,
): Promise<void> {
  await page(req, res, 'announcements/form', {
    title: draft ? 'Edit the draft' : 'New announcement',
    section: 'announcements',
    action: draft ? `${pathOf(draft)}/edit` : '/announcements/new',
    backHref: draft ? pathOf(draft) : '/announcements',
    values,
    errors,
    now: now && shownOf(now, contextOf(req).config.currency),
    longestTitle,
    longestText,
    longestSearch,
    outgoingMail: (await readSettings(dbOf(req))).outgoingMail,
  });
}
