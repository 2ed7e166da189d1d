import type { ErrorRequestHandler, Request, Response } from 'express';
import { Forbidden } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { contextOf, dbOf } from '../web/context.ts';
import { money } from '../web/figures.ts';
import { page } from '../web/page.ts';
import { momentOf } from '../web/time.ts';
import { recordDenial } from './denial.ts';
import { type Happening, type HistoryFilter, readHistory } from './timeline.ts';
import { actVerbs, fieldWords, valueWords, verbOf, whoWords } from './words.ts';

const pageSize = 50;

/** Those of some acts that whoever reads can undo: a room below knows. */
export type Undoable = (req: Request, happenings: Happening[]) => Promise<Set<number>>;

type Timeline = {
  read: (span: { before: number | null; limit: number }) => Promise<Happening[]>;
  path: string;
  undoable: Undoable;
};

/** A page of a timeline with the address of the next: older acts stand below. */
export async function timelineLocals(req: Request, { read, path, undoable }: Timeline) {
  const found = await read({ before: idOrNull(req.query.before), limit: pageSize + 1 });
  const happenings = found.slice(0, pageSize);
  const address = new URL(path, 'http://roster');
  address.searchParams.set('before', String(happenings.at(-1)?.id));
  const pager = {
    first: req.query.before ? path : null,
    next: found.length > pageSize ? address.pathname + address.search : null,
    sizes: [],
    text: '',
  };
  const words = wordsFor(req);
  const canBeUndone = await undoable(req, happenings);
  return { happenings: happenings.map((one) => ({ ...shown(one, words), canBeUndone: canBeUndone.has(one.id) })), pager };
}

/** Amounts in the instance's currency, moments in the reader's zone. */
function wordsFor(req: Request) {
  const [moment, { currency }] = [momentOf(req), contextOf(req).config];
  return (name: string, value: unknown) =>
    name.endsWith('Minor') && typeof value === 'number' ? money(value, currency) : valueWords(value, moment);
}

/** An act in words, as the timeline shows it. */
function shown({ act, changes, facts, reason, ...one }: Happening, words: ReturnType<typeof wordsFor>) {
  return {
    ...one,
    // Where the user keeps it, it stands among the changes.
    reason: 'stateReason' in changes ? null : reason,
    verb: namedVerb(act, facts.name ?? changes.name?.[1]),
    by: whoWords(one.actor, one.actorId) ?? 'the system',
    upon: whoWords(one.user, one.userId),
    visit: visitOf(one, act),
    href: one.user && pageOf(one.user),
    changes: Object.entries(changes).map(([name, [before, after]]) => ({
      field: fieldWords(name),
      before: words(name, before),
      after: words(name, after),
    })),
    facts: Object.entries(facts)
      .filter(([name, value]) => value !== null && !unsaid(act).includes(name))
      .map(([name, value]) => ({ field: fieldWords(name), value: words(name, value) })),
  };
}

/** “edited Lorry 7 of” where the act says which thing. */
const namedVerb = (act: string, name: unknown) =>
  act.startsWith('thing.') && name ? verbOf(act).replace(/a thing|things/, () => String(name)) : verbOf(act);

/** Facts that only programs use, and what the sentence says already. */
const unsaid = (act: string) => ['undoes', 'invitationId', ...(act.startsWith('thing.') ? ['thing', 'name'] : [])];

/** Who is invited is known by an address, and stands among the invitations. */
const pageOf = (user: string) => (user.includes('@') ? `/invitations?${new URLSearchParams({ q: user })}` : `/users/${user}`);

/** Where one reads the whole of what was done in the same connection, and on whose behalf; coming and going are upon whom they say. */
function visitOf({ connectionId, subjectId, subject }: Pick<Happening, 'connectionId' | 'subjectId' | 'subject'>, act: string) {
  if (!connectionId) return null;
  const href = subject && `/users/${subject}/visits/${connectionId}`;
  return { href, of: act.startsWith('connection.') ? null : whoWords(subject, subjectId) };
}

/** What the address narrows the history to; what is empty or no plain text is left out. */
export function readHistoryFilter({ act, user, actor }: Request['query']): HistoryFilter & Record<string, string> {
  const isGiven = (value: unknown) => typeof value === 'string' && value !== '' && !value.includes('\0');
  const given = Object.entries({ act, user, actor }).filter(([, value]) => isGiven(value));
  return Object.fromEntries(given) as Record<string, string>;
}

export const showHistory = (undoable: Undoable) => async (req: Request, res: Response) => {
  const filter = readHistoryFilter(req.query);
  const query = Object.keys(filter).length > 0 ? `?${new URLSearchParams(filter)}` : '';
  const locals = await timelineLocals(req, {
    read: (span) => readHistory(dbOf(req), filter, span),
    path: `/history${query}`,
    undoable,
  });
  await page(req, res, 'history/list', {
    title: 'History',
    section: 'history',
    ...locals,
    filter,
    acts: actVerbs,
    exportHref: `/history/export.csv${query}`,
  });
};

/** Notes in the history that somebody tried what it may not do, then lets the failure page answer. */
export const noteDenial: ErrorRequestHandler = (error, req, _res, next) => {
  if (!(error instanceof Forbidden) || !req.actor) return next(error);
  const { actor, method, path } = req;
  recordDenial(dbOf(req), actor, { method, path, why: error.message })
    .catch((failure) => contextOf(req).log.error({ err: failure }, 'denial not recorded'))
    .finally(() => next(error));
};
