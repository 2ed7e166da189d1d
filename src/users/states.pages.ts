import type { Request, Response } from 'express';
import { stateNames } from '../access/standing.ts';
import { Invalid } from '../ground/errors.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { wayBack } from './back.pages.ts';
import { type Move, moveAct, moveShape, moves, moveUser } from './states.ts';
import { undoOf } from './undo.pages.ts';
import { unlockUser } from './unlock.ts';
import { findUser } from './user.ts';

type Words = { title: string; button: string; says: string; done: string; isDangerous?: true };

const words: Record<Move, Words> = {
  activate: {
    title: 'Activate',
    button: 'Activate User',
    says: 'can sign in and use everything its profile allows.',
    done: 'can sign in again.',
  },
  approve: {
    title: 'Approve',
    button: 'Approve',
    says: 'can sign in and use everything its profile allows.',
    done: 'has been approved and can use the console.',
  },
  reject: {
    title: 'Reject',
    button: 'Reject',
    says: 'can sign in, but sees only the own profile and your reason.',
    done: 'has been rejected.',
    isDangerous: true,
  },
  flag: {
    title: 'Flag',
    button: 'Flag',
    says: 'keeps working as before and is listed for review.',
    done: 'has been flagged for review.',
  },
  deactivate: {
    title: 'Deactivate',
    button: 'Deactivate User',
    says: 'can no longer sign in, and every open session ends now. You can activate the account again.',
    done: 'can no longer sign in.',
    isDangerous: true,
  },
  suspend: {
    title: 'Suspend',
    button: 'Suspend',
    says: 'can sign in, but sees only the own profile and your reason. Every open session ends now.',
    done: 'has been suspended.',
    isDangerous: true,
  },
};

/** The page that asks for the reason of a move; the button on it makes the move. */
export const showMove = (move: Move) => async (req: Request, res: Response) => form(req, res, move);

export const postMove = (move: Move) => async (req: Request, res: Response) => {
  try {
    const { reason } = readForm(req.body, moveShape(move));
    const { user, historyId } = await moveUser(dbOf(req), actorOf(req), String(req.params.username), move, reason);
    await done(
      req,
      res,
      wayBack(req, `/users/${user.username}`),
      `${user.name} ${words[move].done}`,
      undoOf(historyId, user.username),
    );
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await form(req, res.status(422), move, error.fields);
  }
};

async function form(req: Request, res: Response, move: Move, errors: Record<string, string> = {}): Promise<void> {
  const user = await findUser(dbOf(req), String(req.params.username));
  moveAct(move).assertPossible(actorOf(req), user, { reason: '' });
  const { title, ...rest } = words[move];
  const returnTo = wayBack(req, `/users/${user.username}`);
  const locals = {
    ...rest,
    move,
    user,
    errors,
    values: typedAgain(req.body),
    needsReason: moves[move].needsReason,
    stateName: stateNames[user.state],
    returnTo,
  };
  await page(req, res, 'users/move', { title: `${title} ${user.name}`, section: 'users', ...locals });
}

export const showUnlock = async (req: Request, res: Response) => {
  const user = await findUser(dbOf(req), String(req.params.username));
  await page(req, res, 'users/unlock', { title: `Unlock ${user.name}`, section: 'users', user });
};

export const postUnlock = async (req: Request, res: Response) => {
  const { user, historyId } = await unlockUser(dbOf(req), actorOf(req), String(req.params.username));
  await done(req, res, wayBack(req, `/users/${user.username}`), `${user.name} is unlocked.`, undoOf(historyId, user.username));
};
