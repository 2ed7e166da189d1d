import type { Request, Response } from 'express';
import { profileNames } from '../access/profiles.ts';
import { idOrNull } from '../ground/fields.ts';
import { timelineLocals, type Undoable } from '../history/history.pages.ts';
import { readHistory } from '../history/timeline.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { momentOf } from '../web/time.ts';
import { badgesOf, notesOf } from './badges.ts';
import { findShown, type Shown } from './list.ts';
import { rowActs } from './rowacts.ts';

/** One invitation: all that it says, and what was done with it. */
export const showInvitation = (undoable: Undoable) => async (req: Request, res: Response) => {
  const invitation = await findShown(dbOf(req), idOrNull(req.params.id));
  const timeline = await timelineLocals(req, {
    read: (span) => readHistory(dbOf(req), { userId: invitation.userId }, span),
    path: pathOf(invitation),
    undoable,
  });
  const locals = { ...shown(req, invitation), facts: factsOf(req, invitation), ...timeline };
  await page(req, res, 'invitations/show', { title: invitation.email, section: 'invitations', ...locals });
};

export const pathOf = ({ id }: { id: number }) => `/invitations/${id}`;

/** An invitation as a row or its page shows it. */
export const shown = (req: Request, invitation: Shown) => ({
  invitation,
  badges: badgesOf(invitation),
  notes: notesOf(invitation),
  acts: rowActs(actorOf(req), invitation),
  profileName: profileNames[invitation.profile],
});

function factsOf(req: Request, invitation: Shown) {
  const moment = momentOf(req);
  const { inviter, accepter, timesSent } = invitation;
  return [
    { label: 'Email', value: invitation.email, copies: true },
    { label: 'Name', value: invitation.name },
    { label: 'Profile', value: profileNames[invitation.profile] },
    { label: 'Account expires', value: invitation.expiresAt ? moment(invitation.expiresAt) : 'never' },
    { label: 'Sent', value: `${moment(invitation.sentAt)}${timesSent > 1 ? ` (${timesSent} times)` : ''}` },
    { label: 'Link expires', value: moment(invitation.linkExpiresAt) },
    { label: 'Invited by', value: inviter, href: `/users/${inviter}` },
    { label: 'Accepted by', value: accepter, href: `/users/${accepter}` },
    { label: 'Note', value: invitation.note },
  ];
}
