import type { Request, Response } from 'express';
import { idOrNull } from '../ground/fields.ts';
import { readCursor } from '../ground/keyset.ts';
import { seal } from '../ground/secrets.ts';
import { addressOfLink } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { ownPath } from '../web/guard.ts';
import { done, isPart, page } from '../web/page.ts';
import { sizeOf } from '../web/pager.ts';
import { ago } from '../web/time.ts';
import { templateOrNull } from './catalogue.ts';
import { messageIdOf } from './compose.ts';
import { copyLink } from './copy.ts';
import { byNumber, countUnsettled, findLine, letterStates, listLetters } from './list.ts';
import { resendLetter } from './resend.ts';
import { readMailServer } from './server.ts';
import { addressOfList, pagerBelow, shownOf, tabsOf, usualSize } from './shown.ts';

export const showMail = async (req: Request, res: Response) => {
  const counts = await countUnsettled(dbOf(req));
  const locals = await letterLocals(req, { path: '/mail', counts });
  await page(req, res, 'mail/list', { title: 'Mail', section: 'mail', ...locals, waiting: counts.queued });
};

type Where = { path: string; userId?: number; counts?: Awaited<ReturnType<typeof countUnsettled>> };

const longestSearch = 100;

/** A list of letters as its address narrows it: of everybody, or of one user. */
export async function letterLocals(req: Request, { path, userId, counts }: Where) {
  const { state, q, limit, after, before } = req.query;
  const query = {
    state: letterStates.find((one) => one === state) ?? null,
    q: typeof q === 'string' ? q.replaceAll('\0', '').trim().slice(0, longestSearch) : '',
    limit: sizeOf(limit, usualSize),
    after: after ? readCursor(after, byNumber) : null,
    before: before ? readCursor(before, byNumber) : null,
  };
  const found = await listLetters(dbOf(req), userId ? { ...query, userId } : query, query);
  const sending = await readSending(req);
  return {
    ...sending,
    letters: found.rows.map((line) => shownOf(line, sending, actorOf(req))),
    letterTabs: tabsOf(path, query, counts ?? {}),
    pager: pagerBelow(path, query, found),
    path,
    isOne: userId !== undefined,
    q: query.q,
    state: query.state,
    returnTo: addressOfList(path, query),
  };
}

async function readSending(req: Request) {
  const { outgoingMail } = await readSettings(dbOf(req));
  return { outgoingMail, server: await readMailServer(dbOf(req)) };
}

export const showLetter = async (req: Request, res: Response) => {
  const line = await findLine(dbOf(req), idOrNull(req.params.id));
  const letter = shownOf(line, await readSending(req), actorOf(req));
  const template = templateOrNull(line.kind);
  await page(req, res, 'mail/show', {
    title: letter.subject,
    section: 'mail',
    letter,
    paragraphs: template?.says(line.data) ?? [],
    button: line.linkCounter === null ? null : (template?.button ?? 'Open'),
    why: template?.why(line.data) ?? '',
    messageId: messageIdOf(contextOf(req), line),
    returnTo: `/mail/${line.id}`,
  });
};

/** Sends a letter again, with a new link where it brings one. */
export const postResend = async (req: Request, res: Response) => {
  const { address, isUnsent } = await resendLetter(dbOf(req), actorOf(req), idOrNull(req.params.id));
  const text = isUnsent ? `There is a new link for ${address}: copy it.` : `It leaves for ${address} again.`;
  await done(req, res, wayBack(req), text);
};

/** Shows the link of a letter on the next page, this once. */
export const postCopyLink = async (req: Request, res: Response) => {
  const context = contextOf(req);
  const id = idOrNull(req.params.id);
  const { reader } = await findLine(dbOf(req), id);
  if (reader?.profile === 'administrator' && !actorOf(req).isConfirmed) return askForProof(req, res);
  const link = await copyLink(dbOf(req), actorOf(req), id);
  const label = `Link for ${link.email}. It is shown this once and works once; it expires ${ago(link.expiresAt)}. Whoever has it can use it.`;
  const sealed = seal(context.secrets[0], addressOfLink(context, link));
  await done(req, res, wayBack(req), 'That you copied it is noted in the history.', { label, sealed });
};

/** Whoever has the link of an administrator may become one: not by a borrowed session. Comes back to where the button stands. */
function askForProof(req: Request, res: Response): void {
  const path = `/confirm?next=${encodeURIComponent(wayBack(req))}`;
  if (isPart(req)) res.setHeader('HX-Redirect', path).end();
  else res.redirect(303, path);
}

const wayBack = (req: Request) => ownPath(req, req.body?.return_to, `/mail/${req.params.id}`);
