import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { snake } from '../ground/names.ts';
import { changesBetween, type Details, record } from '../history/record.ts';
import type { RecordedAct } from '../history/words.ts';
import { type Merge, merge, type Values } from '../web/merge.ts';
import { disagreements } from './groups.ts';
import { holdSettings, type Settings } from './settings.ts';
import { type SettingName, settingOf } from './table.ts';

export type SettingValues = Partial<Pick<Settings, SettingName>>;

/** Some settings as somebody has typed them, with how the form found them: `before`, when `version` was saved last. */
export type Change = { values: SettingValues; before: Values; version: number };

/** Somebody saved some of the same settings in between: what differs, and nothing was written. */
export class Conflict extends Refused {
  readonly current: Settings;
  readonly fields: Merge;

  constructor(current: Settings, fields: Merge) {
    super('Somebody else changed these settings in the meantime.');
    this.current = current;
    this.fields = fields;
  }
}

/**
 * Changes settings, for every process at once; says the number of the act in the history, null when nothing changes. Throws
 * Conflict when one of them was saved meanwhile, Invalid for those that do not fit each other, Refused where a proof of identity is
 * needed and missing.
 */
export async function changeSettings(db: Db, by: Doer, { values, before, version }: Change): Promise<number | null> {
  assertCan(by, 'change settings');
  return db.transaction(async (trx) => {
    const current = await holdSettings(trx);
    if (current.version !== version) assertUntouched(current, values, before);
    return writeSettings(trx, by, current, { values, act: 'settings.changed' });
  });
}

/** Whoever saved another part of the page is in nobody's way. */
function assertUntouched(current: Settings, values: SettingValues, before: Values): void {
  const fields = merge(Object.keys(values), { before, theirs: current, mine: values });
  if (fields.both.length + fields.theirs.length > 0) throw new Conflict(current, fields);
}

type Write = { values: SettingValues; act: RecordedAct; details?: Details };

/** Writes settings that are held, and records it with their values before and after; see `changeSettings`. */
export async function writeSettings(
  trx: Trx,
  by: Doer,
  current: Settings,
  { values, act, details }: Write,
): Promise<number | null> {
  assertAgreed({ ...current, ...values });
  const changes = changesBetween(current, values);
  if (Object.keys(changes).length === 0) return null;
  if (needsProof(current, values)) assertConfirmed(by);
  await trx('settings').update({ ...values, version: trx.raw('version + 1') });
  return record(trx, by, act, null, { changes, ...details });
}

/** Throws Invalid when these settings do not fit each other. */
export function assertAgreed(settings: Settings): void {
  const problems = Object.entries(disagreements(settings)).map(([name, problem]) => [snake(name), problem]);
  if (problems.length > 0) throw new Invalid(Object.fromEntries(problems));
}

/** Whether somebody who sits down before an open console must not be able to change this. */
export function needsProof(current: Settings, values: SettingValues): boolean {
  const changed = Object.keys(changesBetween(current, values)) as SettingName[];
  return changed.some((name) => settingOf(name).needsProof?.(values[name]));
}
