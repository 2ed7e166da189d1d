import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import type { Happening } from '../history/timeline.ts';
import { verbOf } from '../history/words.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { ownPath, pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { findActOrNull, needsProofToUndo, undoAct, undoableActs } from './undo.ts';

type Parts = { confirmIdentity(req: Request): Promise<void>; otherwise: (req: Request, res: Response) => Promise<void> };

/** Undoes inviting or revoking; any other act is `otherwise`’s. Where a proof of identity is needed a page asks for it. */
export const postUndoOr =
  ({ confirmIdentity, otherwise }: Parts) =>
  async (req: Request, res: Response): Promise<void> => {
    const id = idOrNull(req.params.act);
    const act = id ? await findActOrNull(dbOf(req), id) : null;
    if (!act) return otherwise(req, res);
    if (await needsProofToUndo(dbOf(req), act)) {
      if (!actorOf(req).isConfirmed && req.body?.proving === undefined) return askForProof(req, res, act);
      try {
        await confirmIdentity(req);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return askForProof(req, res, act, error.fields);
      }
    }
    const { email } = await undoAct(dbOf(req), actorOf(req), act.id);
    await done(req, res, wayBack(req), `Undone: ${act.actor ?? 'somebody'} ${verbOf(act.act)} ${email}.`);
  };

function askForProof(req: Request, res: Response, { id }: Happening, errors: Record<string, string> = {}): Promise<void> {
  const locals = { title: 'Undo the revoking', section: 'invitations', id, errors, returnTo: wayBack(req) };
  return page(req, res.status(422), 'invitations/undo', locals);
}

function wayBack(req: Request): string {
  const path = ownPath(req, req.body?.return_to, pageBefore(req, '/invitations'));
  return path.startsWith('/undo/') ? '/invitations' : path;
}

/** Beside which acts upon invitations a timeline's reader gets a button. */
export const canBeUndone = (req: Request, happenings: Happening[]): Promise<Set<number>> => undoableActs(dbOf(req), happenings);
