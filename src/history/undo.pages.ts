import type { Request, Response } from 'express';
import { Invalid, NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { actorOf } from '../web/context.ts';
import { ownPath, pageBefore } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import type { Undoable } from './history.pages.ts';
import type { Happening } from './timeline.ts';

/** An act that is about to be undone, in words and with what it takes. */
export type Undoing = {
  /** What the page is called that asks for a proof of identity, and what undoing does. */
  title: string;
  says: string;
  section: string;
  needsProof: boolean;
  /** Where to go from a page that is not there any more. */
  otherwise: string;
  /** Undoes it; says what was undone. */
  undo(): Promise<string>;
};

/** How acts of some kinds are undone: each room provides its own, and the table of routes composes them. */
export type Undoer = {
  /** Null for an act of another kind. Throws when there is no such act, and what stands against undoing it. */
  find(req: Request, historyId: number): Promise<Undoing | null>;
  /** Those of these acts that could be undone now. */
  among(req: Request, happenings: Happening[]): Promise<Set<number>>;
};

type Parts = { undoers: readonly Undoer[]; confirmIdentity(req: Request): Promise<void> };

/**
 * Undoes an act and comes back to the page with the button. Where the way back needs a proof of identity and there is none yet,
 * a page asks for it; the button alone brings none, so asking is no failed try.
 */
export const postUndo =
  ({ undoers, confirmIdentity }: Parts) =>
  async (req: Request, res: Response): Promise<void> => {
    const id = idOrNull(req.params.act);
    const undoing = id && (await findAmong(undoers, req, id));
    if (!undoing) throw new NotFound('There is no such act.');
    if (undoing.needsProof) {
      if (!actorOf(req).isConfirmed && req.body?.proving === undefined) return askForProof(req, res, id, undoing);
      try {
        await confirmIdentity(req);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return askForProof(req, res, id, undoing, error.fields);
      }
    }
    const says = await undoing.undo();
    await done(req, res, wayBack(req, undoing), `Undone: ${says}`);
  };

async function findAmong(undoers: readonly Undoer[], req: Request, id: number): Promise<Undoing | null> {
  for (const undoer of undoers) {
    const undoing = await undoer.find(req, id);
    if (undoing) return undoing;
  }
  return null;
}

function askForProof(req: Request, res: Response, id: number, undoing: Undoing, errors: Record<string, string> = {}) {
  const { title, says, section } = undoing;
  return page(req, res.status(422), 'history/undo', { title, says, section, id, errors, returnTo: wayBack(req, undoing) });
}

function wayBack(req: Request, { otherwise }: Undoing): string {
  const path = ownPath(req, req.body?.return_to, pageBefore(req, otherwise));
  return path.startsWith('/undo/') ? otherwise : path;
}

/** Beside which acts of a timeline its reader gets a button. */
export const undoableBy =
  (undoers: readonly Undoer[]): Undoable =>
  async (req, happenings) => {
    const found = new Set<number>();
    for (const { among } of undoers) for (const id of await among(req, happenings)) found.add(id);
    return found;
  };
