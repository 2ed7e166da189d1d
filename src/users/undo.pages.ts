import type { Undoer } from '../history/undo.pages.ts';
import { verbOf } from '../history/words.ts';
import { actorOf, dbOf } from '../web/context.ts';
import type { Flash } from '../web/session.ts';
import type { Belonging } from './belongings.ts';
import { findUpon, undo, undoableAmong } from './undo.ts';
import { assertUndoable, needsProofToUndo } from './undoable.ts';

/** Acts upon users; of an act that nothing else knows it says that it cannot be undone. */
export const usersUndoer = (belongings: readonly Belonging[]): Undoer => ({
  find: async (req, id) => {
    const upon = await findUpon(dbOf(req), id);
    assertUndoable({ ...actorOf(req), isConfirmed: true }, upon);
    const { act, user } = upon;
    const sentence = `${act.actor ?? 'somebody'} ${verbOf(act.act)} ${user.name}`;
    return {
      title: `Undo: ${sentence}`,
      says: `This gives ${user.name} (${user.username}) back what the act took, and opens the console to whoever has that account or address.`,
      section: 'users',
      needsProof: needsProofToUndo(upon),
      otherwise: `/users/${user.username}`,
      undo: async () => {
        await undo(dbOf(req), actorOf(req), id, belongings);
        return `${sentence}.`;
      },
    };
  },
  among: (req, happenings) => undoableAmong(dbOf(req), actorOf(req), happenings),
});

/** The part of a flash that offers to undo what has just been done; upon a `row` where the list keeps it. */
export const undoOf = (historyId: number | null, row = ''): Pick<Flash, 'undo' | 'row'> =>
  historyId ? { undo: `/undo/${historyId}`, row } : {};
