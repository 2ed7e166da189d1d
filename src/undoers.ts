import { belongings } from './belongings.ts';
import { undoableBy } from './history/undo.pages.ts';
import { invitationsUndoer } from './invitations/undo.pages.ts';
import { settingsUndoer } from './settings/undo.pages.ts';
import { usersUndoer } from './users/undo.pages.ts';

/** What can be undone; of acts that no other knows the last one says that they cannot be. */
export const undoers = [settingsUndoer, invitationsUndoer, usersUndoer(belongings)];

export const undoable = undoableBy(undoers);
