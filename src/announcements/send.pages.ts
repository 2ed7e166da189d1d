import type { Request, Response } from 'express';
import { Invalid, Refused } from '../ground/errors.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { draftVersion, find, findDraft } from './announcements.pages.ts';
import { countReach } from './receivers.ts';
import { resumeAnnouncement, sendAnnouncement, stopAnnouncement, withdrawAnnouncement, workOn } from './send.ts';
import { pathOf, reachSays, shownOf, users } from './shown.ts';

/** Chunks that are worked on before the answer; the others behind it, while the page shows how far it is. */
const chunksAtOnce = 3;

/** Says once more who gets it; the button on it sends. */
export const showSend = (req: Request, res: Response) => askToSend(req, res);

export const postSend = async (req: Request, res: Response) => {
  const draft = await findDraft(req);
  try {
    const { version } = readForm(req.body, { version: draftVersion });
    await sendAnnouncement(dbOf(req), actorOf(req), { id: draft.id, version });
  } catch (error) {
    if (error instanceof Invalid) return askToSend(req, res.status(422), error.fields);
    if (!(error instanceof Refused)) throw error;
    return askToSend(req, res.status(409), { '': error.message });
  }
  await work(req, draft.id);
  await sayHowFar(req, res, 'It has been sent to');
};

async function askToSend(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const draft = await findDraft(req);
  const reach = await countReach(dbOf(req), draft.filter);
  await page(req, res, 'announcements/send', {
    title: `Send “${draft.title}”`,
    section: 'announcements',
    announcement: shownOf(draft, contextOf(req).config.currency),
    reach: reachSays(reach, draft.mails),
    button: `Send to ${users(reach.receivers)}`,
    maySend: reach.receivers > 0,
    outgoingMail: (await readSettings(dbOf(req))).outgoingMail,
    errors,
  });
}

export const postResume = async (req: Request, res: Response) => {
  const { id } = await find(req);
  await resumeAnnouncement(dbOf(req), actorOf(req), id);
  await work(req, id);
  await sayHowFar(req, res, 'It has been sent to');
};

async function sayHowFar(req: Request, res: Response, says: string): Promise<void> {
  const found = await find(req);
  const text = found.state === 'sending' ? 'It is being sent. You may leave this page.' : `${says} ${users(found.receivers)}.`;
  await done(req, res, pathOf(found), text);
}

export const postStop = async (req: Request, res: Response) => {
  const found = await find(req);
  const hasStopped = await stopAnnouncement(dbOf(req), actorOf(req), found.id);
  const text = hasStopped ? 'It has been stopped. Whoever has it keeps it.' : 'It was not being sent any more.';
  await done(req, res, pathOf(found), text);
};

/** Says what becomes of it; the button on it withdraws. */
export const showWithdraw = async (req: Request, res: Response) => {
  const found = await find(req);
  const announcement = shownOf(found, contextOf(req).config.currency);
  const title = `Withdraw “${found.title}”`;
  await page(req, res, 'announcements/withdraw', { title, section: 'announcements', announcement, users });
};

export const postWithdraw = async (req: Request, res: Response) => {
  const found = await find(req);
  await withdrawAnnouncement(dbOf(req), actorOf(req), found.id);
  await work(req, found.id);
  await done(req, res, pathOf(found), 'It has been withdrawn: nobody finds it among the notifications any more.');
};

/** Does some of it before the answer, and the rest behind it. */
async function work(req: Request, id: number): Promise<void> {
  const { db, log } = contextOf(req);
  if (!(await workOn(db, id, chunksAtOnce))) return;
  workOn(db, id).catch((error) =>
    log.error({ err: error, announcementId: id }, 'an announcement broke off; a worker continues it within a minute'),
  );
}
