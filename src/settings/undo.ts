import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { plain } from '../history/record.ts';
import { findHappenings, type Happening } from '../history/timeline.ts';
import { whyOver } from '../history/undo.ts';
import { fieldWords } from '../history/words.ts';
import { needsProof, type SettingValues, writeSettings } from './change.ts';
import { holdSettings, readSettings, type Settings } from './settings.ts';
import { type SettingName, table } from './table.ts';

/** The change of settings of this number in the history; null when that is another act, or none. */
export async function findChangeOrNull(db: Db, historyId: number): Promise<Happening | null> {
  const [act] = await findHappenings(db, [historyId]);
  return act?.act === 'settings.changed' ? act : null;
}

/**
 * Gives the settings the values from before a change, as an act of its own. Throws Refused with the reason: ten minutes over, undone
 * already, changed since, values that no longer fit the others, or a proof of identity that is missing.
 */
export async function undoChange(db: Db, by: Doer, historyId: number): Promise<void> {
  assertCan(by, 'undo act');
  assertCan(by, 'change settings');
  await db.transaction(async (trx) => {
    const current = await holdSettings(trx);
    const act = await findChangeOrNull(trx, historyId); // With the settings held: of two who undo it the second sees the first.
    const problem = act ? whyNotUndone(act, current) : 'There is no such change of settings.';
    if (problem) throw new Refused(problem);
    const values = valuesBefore(act as Happening, current);
    const details = { undoes: historyId, facts: { undoes: historyId } };
    await writeSettings(trx, by, current, { values, act: 'settings.undone', details }).catch(asRefusal);
  });
}

/** Those of these acts that are changes of settings which could be undone now. */
export async function undoableChanges(db: Db, happenings: Happening[]): Promise<Set<number>> {
  const recent = happenings.filter((one) => one.act === 'settings.changed' && !whyOver(one));
  if (recent.length === 0) return new Set();
  const current = await readSettings(db);
  return new Set(recent.filter((act) => whyNotUndone(act, current) === null).map(({ id }) => id));
}

/** Whether undoing this change takes a fresh proof of identity. */
export const needsProofToUndo = async (db: Db, act: Happening): Promise<boolean> => {
  const current = await readSettings(db);
  return needsProof(current, valuesBefore(act, current));
};

function whyNotUndone(act: Happening, current: Settings): string | null {
  const over = whyOver(act);
  if (over) return over;
  const since = Object.entries(act.changes).filter(([name, [, after]]) => !isKnown(name) || plain(current[name]) !== after);
  return since.length > 0
    ? `These settings have been changed since: ${since.map(([name]) => fieldWords(name)).join(', ')}.`
    : null;
}

const isKnown = (name: string): name is SettingName => Object.hasOwn(table, name);

/** An empty text is recorded as nothing. */
function valuesBefore({ changes }: Happening, current: Settings): SettingValues {
  const known = Object.entries(changes).filter(([name]) => isKnown(name));
  return Object.fromEntries(
    known.map(([name, [before]]) => [name, before ?? (typeof current[name as SettingName] === 'string' ? '' : before)]),
  );
}

/** There is no form here beside whose fields a sentence could stand. */
function asRefusal(error: unknown): never {
  throw error instanceof Invalid ? new Refused(`This does not fit the other settings any more. ${error.message}`) : error;
}
