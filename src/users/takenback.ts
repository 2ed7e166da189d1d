import type { State } from '../access/standing.ts';
import type { LetterKind } from '../mail/catalogue.ts';
import type { Back } from '../mail/words/states.ts';
import { letterOfTerms, type Written } from './terms.ts';
import { isDeletion, isRestoring, type Upon, valuesBefore } from './undoable.ts';
import type { User } from './user.ts';

/** What is written about a state that an account is in again; of some there is no letter, only a word. */
const again: Record<State, { kind: LetterKind } | { back: Back }> = {
  STATE_REQUESTED: { back: 'requested' },
  STATE_INVITED: { back: 'invited' },
  STATE_APPROVED: { kind: 'activated' },
  STATE_INACTIVE: { kind: 'deactivated' },
  STATE_FLAGGED: { kind: 'activated' },
  STATE_SUSPENDED: { kind: 'suspended' },
  STATE_REJECTED: { kind: 'rejected' },
};

/** The letter to somebody who was told by letter of what is undone now: how the account is again. */
export function letterOfUndoing({ act, user }: Upon): Written {
  if (isDeletion(act)) return { kind: 'deleted' };
  const before: User = { ...user, ...valuesBefore({ act, user }) };
  const next = { ...before, expiresAt: before.expiresAt && new Date(before.expiresAt) }; // The history keeps moments as texts.
  const letter = isRestoring(act) ? { kind: 'restored' as const } : letterOfReturn(user, next);
  return { ...letter, address: next.email };
}

function letterOfReturn(user: User, next: User): Written {
  if (next.state !== user.state) {
    const letter = again[next.state];
    return 'back' in letter ? { kind: 'undone', data: letter } : { ...letter, data: { reason: next.stateReason } };
  }
  if (next.lockedAt) return { kind: 'undone', data: { back: 'locked' } };
  return letterOfTerms(user, next) ?? { kind: 'undone' };
}
