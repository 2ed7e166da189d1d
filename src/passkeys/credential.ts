import { z } from 'zod';

/** Longer than any browser's, and short enough to be looked at. */
const bytes = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+={0,2}$/);
const id = bytes(1400);

const anyCredential = { id, rawId: id, type: z.literal('public-key') };

const created = z.object({
  ...anyCredential,
  response: z.object({
    clientDataJSON: bytes(5000),
    attestationObject: bytes(20_000),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
});

const shown = z.object({
  ...anyCredential,
  response: z.object({
    clientDataJSON: bytes(5000),
    authenticatorData: bytes(5000),
    signature: bytes(10_000),
    userHandle: bytes(100).optional(),
  }),
});

/** What a browser says of a passkey that it has just made. */
export type Created = z.output<typeof created>;
/** What a browser shows of a passkey that it holds. */
export type Shown = z.output<typeof shown>;

/** The field in which a form brings the answer of a browser; '' when no passkey was asked for. */
export const credentialField = z.string().max(50_000, 'This is longer than a passkey can be.').default('');

/** The answer of a browser as a form brings it; null when it is none. */
export const readCreated = (text: string): Created | null => read(created, text);
export const readShown = (text: string): Shown | null => read(shown, text);

function read<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // Not JSON: nothing that a browser has said.
  }
}

/** The challenge that a browser says it has answered; '' when it says none. */
export function challengeIn({ response }: Created | Shown): string {
  try {
    return String(JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()).challenge);
  } catch {
    return '';
  }
}
