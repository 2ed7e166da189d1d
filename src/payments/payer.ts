import { type Doer, subjectOf } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { Forbidden } from '../ground/errors.ts';
import type { User } from '../users/user.ts';

/** A balance is spent by its own user, or by an administrator on its behalf while connected: throws Forbidden for anybody else. */
export function assertPays(by: Doer, user: User): void {
  assertCan(by, 'pay tariffs');
  if (by.id !== null && subjectOf(by).id !== user.id) throw new Forbidden('Nobody pays from the balance of another user.');
}
