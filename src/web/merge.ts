/** The values of a form, under the form's names. */
export type Values = Record<string, unknown>;

/** A field in three versions: as both found it (undefined when nobody knows), as the other saved it, as one has typed it. */
export type Difference = { name: string; before: unknown; theirs: unknown; mine: unknown };

/** Fields that both changed, and differently: one has to choose; and those that only one did: nothing needs to be asked. */
export type Merge = { both: Difference[]; theirs: Difference[]; mine: Difference[] };

/** Sorts the fields in which two versions differ by who changed them. What was before is not known counts as changed by both. */
export function merge(names: readonly string[], versions: { before: Values; theirs: Values; mine: Values }): Merge {
  const found: Merge = { both: [], theirs: [], mine: [] };
  for (const name of names) {
    const field = { name, before: versions.before[name], theirs: versions.theirs[name] ?? '', mine: versions.mine[name] ?? '' };
    if (isSame(field.theirs, field.mine)) continue;
    if (isSame(field.before, field.mine)) found.theirs.push(field);
    else if (isSame(field.before, field.theirs)) found.mine.push(field);
    else found.both.push(field);
  }
  return found;
}

const isSame = (a: unknown, b: unknown) => plain(a) === plain(b);

/** As the form's rules read it: blanks around a text and the kind of its line breaks are no change. */
const plain = (value: unknown) => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trim() : value);
