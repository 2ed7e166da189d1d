import type { Request, RequestHandler, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import type { Happening } from '../history/timeline.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { ownPath, pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { findChangeOrNull, needsProofToUndo, undoableChanges, undoChange } from './undo.ts';

type Parts = { confirmIdentity(req: Request): Promise<void>; otherwise: (req: Request, res: Response) => Promise<void> };

/** Undoes a change of settings; any other act is `otherwise`’s. Where a proof of identity is needed a page asks for it. */
export const postUndoOr =
  ({ confirmIdentity, otherwise }: Parts): RequestHandler =>
  async (req, res) => {
    const id = idOrNull(req.params.act);
    const act = id ? await findChangeOrNull(dbOf(req), id) : null;
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
    await undoChange(dbOf(req), actorOf(req), act.id);
    await done(req, res, wayBack(req), 'Undone: the settings are as they were before.');
  };

function askForProof(req: Request, res: Response, { id }: Happening, errors: Record<string, string> = {}): Promise<void> {
  const locals = { title: 'Undo a change of settings', section: 'settings', id, errors, returnTo: wayBack(req) };
  return page(req, res.status(422), 'settings/undo', locals);
}

function wayBack(req: Request): string {
  const path = ownPath(req, req.body?.return_to, pageBefore(req, '/settings'));
  return path.startsWith('/undo/') ? '/settings' : path;
}

/** Beside which changes of settings a timeline's reader gets a button. */
export const canBeUndone = (req: Request, happenings: Happening[]): Promise<Set<number>> =>
  undoableChanges(dbOf(req), happenings);
