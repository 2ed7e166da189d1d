import type { Config } from '../ground/config.ts';
import { snake } from '../ground/names.ts';
import { figure } from '../web/figures.ts';
import type { Typed } from '../web/form.ts';
import type { Values } from '../web/merge.ts';
import type { Conflict } from './change.ts';
import { type GroupName, groups } from './groups.ts';
import type { Settings } from './settings.ts';
import { type SettingName, settingNames, settingOf, variableOf } from './table.ts';

/** A part of the page that was sent and is shown again: as it was typed, with what there is to say about it. */
export type Sent = { group: GroupName; typed: Typed; errors: Record<string, string>; asksProof: boolean };

/** The settings of a part that its form changes: what the environment sets is not among them. */
export const changeable = (group: GroupName, config: Config): SettingName[] =>
  settingNames.filter((name) => settingOf(name).group === group && variableOf(name, config) === null);

/** Parts that show what the environment says beside what administrators do. */
const alwaysShown: readonly GroupName[] = ['mail', 'currency'];

/** Every part that has something to show, as the page shows it. */
export function shownGroups(settings: Settings, config: Config, sent: Sent | null) {
  const parts = (Object.keys(groups) as GroupName[]).map((key) => shownGroup(key, settings, config, sent));
  return parts.filter(({ key, fields, fixed }) => fields.length + fixed.length > 0 || alwaysShown.includes(key));
}

function shownGroup(key: GroupName, settings: Settings, config: Config, sent: Sent | null) {
  const own = sent?.group === key ? sent : null;
  const names = changeable(key, config);
  const fixed = settingNames.filter((name) => settingOf(name).group === key && !names.includes(name));
  const typed = own?.typed ?? formValues(settings, names);
  return {
    key,
    ...groups[key],
    fields: names.map((name) => shownField(name, typed, own?.errors ?? {})),
    errors: own?.errors ?? {},
    fixed: fixed.map((name) => shownFixed(name, settings, config)),
    before: own?.typed.before ?? beforeOf(settings, names),
    version: own?.typed.version ?? settings.version,
    asksProof: own?.asksProof ?? false,
  };
}

/** Settings as the values of a form. */
export const formValues = (settings: Settings, names: SettingName[]): Typed =>
  Object.fromEntries(
    names.map((name) => [snake(name), typeof settings[name] === 'number' ? String(settings[name]) : settings[name]]),
  );

/** The copy of its values that a form carries along, so that who saves second can be shown what was before. */
export const beforeOf = (settings: Settings, names: SettingName[]): string =>
  JSON.stringify(Object.fromEntries(names.map((name) => [name, settings[name]])));

/** That copy as it comes back from a browser: it decides what is asked, never what is written. */
export function readBefore(text: unknown): Values {
  const values = Object.entries(parsed(text)).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(values);
}

function parsed(text: unknown): object {
  try {
    return Object(JSON.parse(String(text)));
  } catch {
    return {}; // Then everything that differs is asked.
  }
}

function shownField(name: SettingName, typed: Typed, errors: Record<string, string>) {
  const { label, hint, type, unit, inputmode, choices } = settingOf(name);
  const key = snake(name);
  return { name: key, label, hint, type, unit, inputmode, options: choices, value: typed[key], error: errors[key] };
}

function shownFixed(name: SettingName, settings: Settings, config: Config) {
  const value = words(name, settings[name]) || 'none';
  return { label: settingOf(name).label, value: `${value}, set by ${variableOf(name, config)}` };
}

/** What both have made of the same settings, beside the fields; what only the other has changed stands there as it is now. */
export function conflictLocals({ current, fields }: Conflict, typed: Typed): { typed: Typed; errors: Record<string, string> } {
  const theirs = fields.theirs.map(({ name }) => name as SettingName);
  const sentences = [
    ...fields.both.map(({ name, before, theirs }) => [snake(name), bothSay(name as SettingName, before, theirs)]),
    ...theirs.map((name) => [snake(name), `Saved meanwhile, and taken over: ${words(name, current[name])}.`]),
  ];
  return {
    typed: { ...typed, ...formValues(current, theirs), version: current.version, before: undefined },
    errors: Object.fromEntries(sentences),
  };
}

function bothSay(name: SettingName, before: unknown, theirs: unknown): string {
  const began = before === undefined ? '' : ` When you began: ${words(name, before)}.`;
  return `Saved meanwhile: ${words(name, theirs)}.${began} Yours stands here.`;
}

/** A value as people read it: “15 minutes”. */
function words(name: SettingName, value: unknown): string {
  const { unit, choices } = settingOf(name);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return `${figure(value)} ${unit}`;
  return choices?.find((one) => one.value === value)?.label ?? (String(value) || 'nothing');
}
