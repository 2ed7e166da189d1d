import { snake } from '../ground/names.ts';
import type { User } from './user.ts';

/** A user as the values of its form, under the form's names. */
export function formValues(user: User): Record<string, unknown> {
  const values = Object.fromEntries(Object.entries(user).map(([name, value]) => [snake(name), value]));
  return {
    ...values,
    email_verified: user.emailVerifiedAt !== null,
    expires_at: user.expiresAt?.toISOString().slice(0, 10) ?? '',
  };
}
