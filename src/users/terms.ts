import type { NewLetter } from '../mail/letters.ts';
import { dayOf } from '../mail/words/states.ts';
import type { User } from './user.ts';

/** What an act writes to whoever it was done to. */
export type Written = Omit<NewLetter, 'user'>;

type Terms = Pick<User, 'profile' | 'expiresAt'>;

/** The letter about another profile, another last day, or both; null where neither changes. */
export function letterOfTerms(before: Terms, after: Terms): Written | null {
  const day = dayOf(after.expiresAt);
  const days = day === dayOf(before.expiresAt) ? null : { day };
  if (after.profile !== before.profile) return { kind: 'profile-set', data: { profile: after.profile, ...days } };
  return days && { kind: 'expiry-set', data: days };
}
