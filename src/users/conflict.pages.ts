import { profileNames } from '../access/profiles.ts';
import type { Typed } from '../web/form.ts';
import { type Difference, merge, type Values } from '../web/merge.ts';
import { Conflict } from './edit.ts';
import { fieldLabels, userTypeNames } from './fields.ts';
import type { User } from './user.ts';
import { formValues } from './values.ts';

/**
 * The copy of a form's values that it carries along, so that who saves second sees what was before. It comes back from the
 * browser: it decides what is shown and asked, but what is written is what was typed or what lies in the database.
 */
export function beforeOf(user: User, names: readonly string[]): string {
  const values = formValues(user);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, values[name]])));
}

/**
 * What a form says after the choices in it (`keep_phone`: theirs): there the value that lies in the database stands in place of
 * what was typed. Throws Conflict, as saving does, while a choice is missing.
 */
export function decided(body: Typed, current: User, names: readonly string[]): Typed {
  if (!('again' in body) && Object.keys(missing(body, current, names)).length > 0) throw new Conflict(current);
  return chosen(body, names, formValues(current));
}

/** Whether the whole form is asked for again, with what has been chosen so far. Throws Conflict when there is a newer version. */
export function goesOn(body: Typed, current: User): boolean {
  if (!('again' in body)) return false;
  if (String(current.version) !== body.version) throw new Conflict(current);
  return true;
}

/** What a page needs to show both versions, with a choice where both changed a field. */
export function conflictLocals(body: Typed, current: User, names: readonly string[]) {
  const { both, theirs, mine } = compared(body, current, names);
  return {
    both: both.map((field) => ({ ...shown(field), chosen: body[`keep_${field.name}`] })),
    theirs: theirs.map(shown),
    mine: mine.map(shown),
    kept: names.filter((name) => typeof body[name] === 'string').map((name) => ({ name, value: body[name] })),
    before: body.before,
    version: current.version,
    at: current.updatedAt,
    errors: missing(body, current, names),
  };
}

/** A sentence for each field that both changed and nobody has chosen yet; none as long as nobody was asked. */
function missing(body: Typed, current: User, names: readonly string[]): Record<string, string> {
  if (!('deciding' in body)) return {};
  const open = compared(body, current, names).both.filter(({ name }) => !/^(theirs|mine)$/.test(String(body[`keep_${name}`])));
  return Object.fromEntries(open.map((field) => [`keep_${field.name}`, `${shown(field).label}: choose one of the two.`]));
}

/** A field whose other version was chosen counts as left alone: what became of it since is taken over too. */
function compared(body: Typed, current: User, names: readonly string[]) {
  const theirs = formValues(current);
  const before = readBefore(body.before, names);
  const mine = chosen(body, names, { ...theirs, ...before });
  return merge(names, { before, theirs, mine: { ...mine, email_verified: 'email_verified' in mine } });
}

function chosen(body: Typed, names: readonly string[], theirs: Values): Typed {
  const typed = { ...body };
  for (const name of names.filter((one) => body[`keep_${one}`] === 'theirs')) {
    typed[name] = theirs[name] === true ? 'on' : theirs[name];
    if (theirs[name] === false) delete typed[name]; // A switch that is off is not sent.
  }
  return typed;
}

function readBefore(text: unknown, names: readonly string[]): Values {
  const values = parsed(text);
  const isValue = (name: string) => Object.hasOwn(values, name) && ['string', 'boolean'].includes(typeof values[name]);
  return Object.fromEntries(names.filter(isValue).map((name) => [name, values[name]]));
}

function parsed(text: unknown): Values {
  try {
    return Object(JSON.parse(String(text)));
  } catch {
    return {}; // An older form carries none: then every difference is asked.
  }
}

const shown = ({ name, before, theirs, mine }: Difference) => ({
  name,
  label: fieldLabels[name] ?? name,
  before: before === undefined ? null : words(name, before),
  theirs: words(name, theirs),
  mine: words(name, mine),
});

const named: Record<string, Record<string, string>> = { profile: profileNames, user_type: userTypeNames };

function words(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const text = String(value);
  const names = named[name] ?? {};
  return Object.hasOwn(names, text) ? (names[text] as string) : text;
}
