import type { Request, Response } from 'express';
import { Invalid, NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import type { Happening } from '../history/timeline.ts';
import { verbOf } from '../history/words.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { ownPath, pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import type { Flash } from '../web/session.ts';
import type { Belonging } from './belongings.ts';
import { findUpon, undo, undoableAmong } from './undo.ts';
import { assertUndoable, needsProofToUndo, type Upon } from './undoable.ts';

type Parts = { belongings: readonly Belonging[]; confirmIdentity(req: Request): Promise<void> };

/**
 * Undoes an act and comes back to the page with the button. Where the way back needs a proof of identity and there is none yet,
 * a page asks for it.
 */
export const postUndo =
  ({ belongings, confirmIdentity }: Parts) =>
  async (req: Request, res: Response): Promise<void> => {
    const id = idOrNull(req.params.act);
    if (!id) throw new NotFound('There is no such act.');
    const upon = await findUpon(dbOf(req), id);
    assertUndoable({ ...actorOf(req), isConfirmed: true }, upon);
    if (isProofMissing(req, upon)) return askForProof(req, res, upon);
    try {
      if (needsProofToUndo(actorOf(req), upon)) await confirmIdentity(req);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return askForProof(req, res, upon, error.fields);
    }
    const { user, act } = await undo(dbOf(req), actorOf(req), id, belongings);
    await done(req, res, wayBackFrom(req, user.username), `Undone: ${sentence(act)} ${user.name}.`);
  };

/** The button alone holds no password: asking for it is no failed try. */
const isProofMissing = (req: Request, upon: Upon) =>
  needsProofToUndo(actorOf(req), upon) && !actorOf(req).isConfirmed && req.body?.your_password === undefined;

function askForProof(req: Request, res: Response, { act, user }: Upon, errors: Record<string, string> = {}): Promise<void> {
  return page(req, res.status(422), 'users/undo', {
    title: `Undo: ${sentence(act)} ${user.name}`,
    section: 'users',
    act,
    user,
    errors,
    returnTo: wayBackFrom(req, user.username),
  });
}

const sentence = ({ act, actor }: Happening) => `${actor ?? 'somebody'} ${verbOf(act)}`;

function wayBackFrom(req: Request, username: string): string {
  const otherwise = `/users/${username}`;
  const path = ownPath(req, req.body?.return_to, pageBefore(req, otherwise));
  return path.startsWith('/undo/') ? otherwise : path;
}

/** Beside which acts of a timeline its reader gets a button. */
export const canBeUndone = (req: Request, happenings: Happening[]): Promise<Set<number>> =>
  undoableAmong(dbOf(req), actorOf(req), happenings);

/** The part of a flash that offers to undo what has just been done; upon a `row` where the list keeps it. */
export const undoOf = (historyId: number | null, row = ''): Pick<Flash, 'undo' | 'row'> =>
  historyId ? { undo: `/undo/${historyId}`, row } : {};
