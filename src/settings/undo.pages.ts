import type { Undoer } from '../history/undo.pages.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { findChangeOrNull, needsProofToUndo, undoableChanges, undoChange } from './undo.ts';

/** Changes of settings. */
export const settingsUndoer: Undoer = {
  find: async (req, id) => {
    const act = await findChangeOrNull(dbOf(req), id);
    return (
      act && {
        title: 'Undo a change of settings',
        says: 'The settings that were changed get their values of before.',
        section: 'settings',
        needsProof: await needsProofToUndo(dbOf(req), act),
        otherwise: '/settings',
        undo: async () => {
          await undoChange(dbOf(req), actorOf(req), id);
          return 'the settings are as they were before.';
        },
      }
    );
  },
  among: (req, happenings) => undoableChanges(dbOf(req), happenings),
};
