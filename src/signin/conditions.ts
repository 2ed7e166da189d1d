import { type Standing, standingBy } from '../access/standing.ts';
import { accountOf, type User } from '../users/user.ts';

/**
 * What signing in asks of an account beside the right password, in this order, and how far each lets the user come.
 * `isKnown`: from a browser that has signed in to this account before. The sign-in check explains each of them by its name.
 */
export const conditions = {
  deletion: (user) => standingBy.deletion(accountOf(user)),
  lock: (user, isKnown) => (user.lockedAt && !isKnown ? 'none' : 'full'),
  identitySource: (user) => (user.identitySource === 'federated' ? 'none' : 'full'),
  password: (user) => (user.passwordHash ? 'full' : 'none'),
  singleUse: (user) => (user.isSingleUseOver ? 'none' : user.mustChangePassword ? 'restricted' : 'full'),
  expiry: (user) => standingBy.expiry(accountOf(user)),
  state: (user) => standingBy.state(accountOf(user)),
  address: (user) => standingBy.address(accountOf(user)),
} satisfies Record<string, (user: User, isKnown: boolean) => Standing>;

export type Condition = keyof typeof conditions;

/** Whether nothing about the account keeps out somebody who knows its password. */
export const mayEnter = (user: User, isKnown: boolean): boolean =>
  Object.values(conditions).every((condition) => condition(user, isKnown) !== 'none');
