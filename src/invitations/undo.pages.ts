import type { Undoer } from '../history/undo.pages.ts';
import { verbOf } from '../history/words.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { findActOrNull, needsProofToUndo, undoAct, undoableActs } from './undo.ts';

/** Inviting and revoking. */
export const invitationsUndoer: Undoer = {
  find: async (req, id) => {
    const act = await findActOrNull(dbOf(req), id);
    return (
      act && {
        title: 'Undo the revoking',
        says: 'The link works again, and whoever has it can become an administrator.',
        section: 'invitations',
        needsProof: await needsProofToUndo(dbOf(req), act),
        otherwise: '/invitations',
        undo: async () => {
          const { email } = await undoAct(dbOf(req), actorOf(req), id);
          return `${act.actor ?? 'somebody'} ${verbOf(act.act)} ${email}.`;
        },
      }
    );
  },
  among: (req, happenings) => undoableActs(dbOf(req), happenings),
};
