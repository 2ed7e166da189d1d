import { snake } from '../ground/names.ts';
import { userFields } from './fields.ts';
import type { User } from './user.ts';

/** A user as the values of its form, under the form's names; nothing else of the row. */
export function formValues(user: User): Record<string, unknown> {
  const known = user as Record<string, unknown>;
  const values = Object.fromEntries(Object.keys(userFields).map((name) => [snake(name), known[name]]));
  return {
    ...values,
    groups: user.groups,
    email_verified: user.emailVerifiedAt !== null,
    expires_at: user.expiresAt?.toISOString().slice(0, 10) ?? '',
  };
}
