import { z } from 'zod';
import { text } from '../ground/fields.ts';
import { administrativeFields } from '../users/fields.ts';

export const usualDays = 7;
export const mostDays = 30;

const linkDays = z
  .string()
  .default('')
  .transform((value) => value.trim() || String(usualDays))
  .refine((value) => /^\d{1,2}$/.test(value) && Number(value) >= 1 && Number(value) <= mostDays, `1 to ${mostDays} days.`)
  .transform(Number);

/** What holds for everybody who is invited in one go. */
export const termsShape = {
  profile: administrativeFields.profile,
  expiresAt: administrativeFields.expiresAt,
  linkDays,
  note: text(1000),
};

export type Terms = z.output<z.ZodObject<typeof termsShape>>;
