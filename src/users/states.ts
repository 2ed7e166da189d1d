import type { Doer } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { assertCan } from '../access/can.ts';
import { type State, stateNames } from '../access/standing.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { text } from '../ground/fields.ts';
import { changesBetween } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { voidLinks } from '../links/links.ts';
import type { LetterKind } from '../mail/catalogue.ts';
import { endSessions } from '../sessions/sessions.ts';
import { actUpon, type Done, type ManyAct } from './act.ts';
import { assertLive, hasPassword, idsOf, isToActivate, type User, updateUsers } from './user.ts';

export type Move = 'activate' | 'approve' | 'reject' | 'flag' | 'deactivate' | 'suspend';

type Rule = {
  from: readonly State[];
  to: State;
  recordedAs: RecordedAct;
  /** Whether the user must be told why. */
  needsReason: boolean;
  /** What is written to the user; nothing where it is only administrators' business. */
  letter: LetterKind | null;
};

/** Every way from one state to another; what stands in no row cannot happen. */
export const moves: Record<Move, Rule> = {
  activate: {
    from: ['STATE_INVITED', 'STATE_INACTIVE', 'STATE_FLAGGED', 'STATE_SUSPENDED', 'STATE_REJECTED'],
    to: 'STATE_APPROVED',
    recordedAs: 'user.activated',
    needsReason: false,
    letter: 'activated',
  },
  approve: {
    from: ['STATE_REQUESTED'],
    to: 'STATE_APPROVED',
    recordedAs: 'user.approved',
    needsReason: false,
    letter: 'approved',
  },
  reject: {
    from: ['STATE_REQUESTED'],
    to: 'STATE_REJECTED',
    recordedAs: 'user.rejected',
    needsReason: true,
    letter: 'rejected',
  },
  flag: { from: ['STATE_APPROVED'], to: 'STATE_FLAGGED', recordedAs: 'user.flagged', needsReason: true, letter: null },
  deactivate: {
    from: ['STATE_INVITED', 'STATE_APPROVED', 'STATE_FLAGGED', 'STATE_SUSPENDED'],
    to: 'STATE_INACTIVE',
    recordedAs: 'user.deactivated',
    needsReason: false,
    letter: 'deactivated',
  },
  suspend: {
    from: ['STATE_APPROVED', 'STATE_FLAGGED'],
    to: 'STATE_SUSPENDED',
    recordedAs: 'user.suspended',
    needsReason: true,
    letter: 'suspended',
  },
};

/** States in which nobody works: what is open ends there. */
export const leavesFull: readonly State[] = ['STATE_INACTIVE', 'STATE_SUSPENDED', 'STATE_REJECTED'];

export const actOf = (move: Move) => `${move} user` as Act;

/** The moves that this user's state has, in the order of the table above. */
export const movesFrom = (state: State): Move[] =>
  (Object.keys(moves) as Move[]).filter((move) => moves[move].from.includes(state));

const reason = text(500);
const neededReason = reason.refine((value) => value !== '', 'A reason is needed; the user is shown it.');

/** What the form of a move asks for. */
export const moveShape = (move: Move) => ({ reason: moves[move].needsReason ? neededReason : reason });

/**
 * The move as an act upon any number of users; the reason is shown to each. Leaving full standing ends sessions at once, and the
 * links by which somebody could come back; a link that activates an account has no use where an administrator decides on its state.
 */
export function moveAct(move: Move): ManyAct<{ reason: string }> {
  const { to, recordedAs, letter: kind } = moves[move];
  const ends = leavesFull.includes(to);
  return {
    act: actOf(move),
    recordedAs,
    shape: moveShape(move),
    mayEndAdministrators: ends,
    assertPossible: (by, user) => assertPossible(by, user, move),
    apply: async (trx, users, { reason }) => {
      const next = { state: to, stateReason: reason };
      await updateUsers(trx, users, next);
      if (ends) await endSessions(trx, idsOf(users));
      await voidLinks(trx, idsOf(users), ends ? ['activation', 'reset'] : ['activation']);
      return users.map((user) => ({ user, details: { changes: changesBetween(user, next), reason } }));
    },
    letter: ({ state }, { reason }) => (kind && !isUnnoticed(state, to) ? { kind, data: { reason } } : null),
  };
}

/** Who was flagged works as before, and does not know of it. */
const isUnnoticed = (from: State, to: State) => from === 'STATE_FLAGGED' && to === 'STATE_APPROVED';

/**
 * Moves a user to another state, with the reason that the user is shown. Leaving full standing ends its sessions at once.
 * Throws Refused when the move does not exist from here, is upon oneself, would lose the last able administrator, or would
 * activate somebody who has no password yet.
 */
export const moveUser = (db: Db, by: Doer, username: string, move: Move, reason: string): Promise<Done> =>
  actUpon(db, by, moveAct(move), username, { reason });

/** Throws as `moveUser` would: asked before the page of a move is shown, and again when it is made. */
function assertPossible(by: Doer, user: User, move: Move): void {
  assertCan(by, actOf(move), user);
  assertLive(user);
  if (!moves[move].from.includes(user.state))
    throw new Refused(`${user.name} is ${stateNames[user.state]}: there is nothing to ${move}.`);
  const needsPassword = move === 'activate' && user.identitySource === 'local' && !hasPassword(user);
  if (needsPassword) throw new Refused(`${user.name} has no password and could not sign in. ${wayIn(user)}`);
}

/** How an administrator lets in a user who has no password: by a link, or, while outgoing mail is off, by a password too. */
const wayIn = (user: User) =>
  isToActivate(user)
    ? 'Use “Send Activation Email”: its link lets the user choose one and activates the account. While outgoing mail is off the link is copied, or “Reset user password” gives a single-use one.'
    : 'Use “Reset user password”: it sends a link to choose one or, while outgoing mail is off, gives a single-use one.';
