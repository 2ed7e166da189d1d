import type { Trx } from '../ground/database.ts';
import { shortened } from '../ground/short.ts';
import { type Happening, readHistory } from '../history/timeline.ts';
import { fieldWords, type RecordedAct, valueWords, verbOf } from '../history/words.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { readSettings } from '../settings/settings.ts';
import { momentIn } from '../web/time.ts';
import { findVisit } from './visit.ts';
import { durationWords } from './words.ts';

/** So many of the things done stand in the letter; the report has all. */
const mostLines = 20;
const longestLine = 300;

/** Writes to a user what was done on its behalf, when the settings say so; whoever is deleted is not written to. */
export async function tellUser(trx: Trx, userId: number, connectionId: number): Promise<void> {
  const { connectionTold } = await readSettings(trx);
  const user = connectionTold && (await trx('users').where({ id: userId, deletedAt: null }).first('id', 'email', 'timeZone'));
  if (!user) return;
  const visit = await findVisit(trx, userId, connectionId);
  const { lines, count } = await whatWasDone(trx, connectionId, momentIn(user.timeZone));
  await enqueueLetter(trx, {
    kind: 'visited',
    user,
    aboutId: visit.actorId ?? undefined,
    data: {
      who: visit.by ?? 'Somebody',
      reason: visit.reason,
      from: momentIn(user.timeZone)(visit.startedAt),
      lasted: durationWords(visit.seconds),
      mode: visit.mode === 'read' ? 'looking only' : 'with the right to change things',
      changes: lines.join('\n'),
      more: count > lines.length ? String(count - lines.length) : '',
      visit: String(visit.id),
    },
  });
}

async function whatWasDone(trx: Trx, connectionId: number, moment: (at: Date) => string) {
  const done = await readHistory(trx, { visit: { connectionId, concerning: 'subject', withMoney: true } }, { limit: 501 });
  const lines = done
    .toReversed()
    .slice(0, mostLines)
    .map((act) => lineOf(act, moment));
  return { lines, count: done.length };
}

/** “Edited Truck 7 (plate: AB 12 → AB 13)”, in one line. */
function lineOf({ act, changes, facts }: Happening, moment: (at: Date) => string): string {
  const words = (value: unknown) => valueWords(value, moment) || 'nothing';
  const isNamedAnew = facts.name !== undefined;
  const differences = Object.entries(changes)
    .filter(([name]) => isNamedAnew || name !== 'name')
    .map(([name, [before, after]]) =>
      before === null ? `${fieldWords(name)}: ${words(after)}` : `${fieldWords(name)}: ${words(before)} → ${words(after)}`,
    );
  const what = [done[act as RecordedAct] ?? verbOf(act), String(facts.name ?? changes.name?.[1] ?? '')].filter(Boolean).join(' ');
  const line = `– ${what}${differences.length > 0 ? ` (${differences.join('; ')})` : ''}`.replace(/\s+/g, ' ');
  return shortened(line, longestLine);
}

/** What is said to the user of what was done for it. */
const done: Partial<Record<RecordedAct, string>> = {
  'thing.added': 'Added',
  'thing.edited': 'Edited',
  'thing.deleted': 'Deleted',
  'thing.transferred': 'Transferred',
  'thing.received': 'Received',
  'thing.shared': 'Shared',
  'thing.unshared': 'Ended the sharing of',
  'balance.refilled': 'Refilled the balance',
  'balance.cancelled': 'Cancelled a transaction',
  'tariff.paid': 'Paid the tariff',
  'feedback.left': 'Left feedback',
  'feedback.replied': 'Wrote again in feedback',
  'feedback.answered': 'Answered feedback',
  'feedback.closed': 'Closed feedback',
  'feedback.reopened': 'Reopened feedback',
  'tariff.renewal-on': 'Turned on the renewal of the tariff',
  'tariff.renewal-off': 'Turned off the renewal of the tariff',
};
