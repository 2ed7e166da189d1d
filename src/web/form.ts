import { z } from 'zod';
import { Invalid } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';

/** A form as it came: kept to fill the page again when something in it needs mending. */
export type Typed = Record<string, unknown>;

/**
 * Reads a form by a shape of zod types, one per field; `firstName` reads the form's `first_name`.
 * Throws Invalid with a sentence per field. What is not in the shape is not read, so nothing can be smuggled in.
 */
export function readForm<Shape extends z.ZodRawShape>(body: unknown, shape: Shape): z.output<z.ZodObject<Shape>> {
  const typed = (body ?? {}) as Typed;
  const fields = Object.fromEntries(Object.keys(shape).map((name) => [name, own(typed, snake(name))]));
  const result = z.object(shape).safeParse(fields);
  if (result.success) return result.data;
  throw new Invalid(sentences(result.error));
}

/** The first message of each field, under the form's name of it. */
export function sentences(error: z.ZodError): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { path, message, code } of error.issues) {
    const name = snake(String(path[0] ?? ''));
    fields[name] ??= code === 'invalid_type' ? 'Needs one plain value.' : message;
  }
  return fields;
}

/** What was typed, without passwords and tokens, to show the form again. */
export function typedAgain(body: unknown): Typed {
  const plain = Object.entries((body ?? {}) as Typed).filter(
    ([name, value]) => typeof value === 'string' && !/password(?!_by)|passkey|^your_|_csrf/.test(name),
  );
  return Object.fromEntries(plain);
}

/** The same upon what somebody else has saved meanwhile, for a page that shows it beside what was typed: saving again is meant. */
export const typedUpon = (body: unknown, now: { version: number }): Typed => ({
  ...typedAgain(body),
  version: String(now.version),
});

const own = (typed: Typed, name: string) => (Object.hasOwn(typed, name) ? typed[name] : undefined);
