import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { Invalid, Refused, TryLater } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { dbOf } from '../web/context.ts';
import { type Typed, typedAgain } from '../web/form.ts';
import type { Feedback } from './feedback.ts';
import { longestMessage } from './feedback.ts';
import { readMessages } from './messages.ts';
import { kindWords, stateBadges } from './words.ts';

/** What a page shows of a conversation: the latest messages, and the way to those before. */
export async function conversationLocals(
  req: Request,
  feedback: Feedback,
  { path, withNotes }: { path: string; withNotes: boolean },
) {
  const before = idOrNull(req.query.before);
  const { messages, hasEarlier } = await readMessages(dbOf(req), feedback.id, { withNotes, before });
  return {
    feedback,
    path,
    kindName: kindWords[feedback.kind],
    badge: stateBadges[feedback.state],
    messages,
    earlierHref: hasEarlier ? `${path}?before=${messages[0]?.id}` : null,
    latestHref: before ? path : null,
    longestMessage,
  };
}

/** What a form with a message holds: what was typed, and the key by which a second press is known. */
export const valuesOf = (typed: Typed): Typed => ({ ...typed, idempotency_key: typed.idempotency_key || randomUUID() });

type Shown = { values: Typed; errors: Record<string, string> };

/** Answers a form by `send`; what is said against it is shown on its page by `show`, with what was typed. */
export const sendForm =
  (
    send: (req: Request, res: Response) => Promise<void>,
    show: (req: Request, res: Response, shown: Shown) => Promise<void>,
  ): RequestHandler =>
  async (req, res) => {
    try {
      await send(req, res);
    } catch (error) {
      const errors = problemsIn(error, res);
      if (!errors) throw error;
      await show(req, res, { values: valuesOf(typedAgain(req.body)), errors });
    }
  };

function problemsIn(error: unknown, res: Response): Record<string, string> | null {
  if (error instanceof Invalid) {
    res.status(422);
    return error.fields;
  }
  if (error instanceof Refused) res.status(409);
  else if (error instanceof TryLater) res.status(error.status).setHeader('Retry-After', String(error.seconds));
  else return null;
  return { '': error.message };
}
