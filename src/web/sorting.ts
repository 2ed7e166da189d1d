import type { Column } from '../ground/keyset.ts';

/** By what a list is sorted. */
export type SortBy<Name extends string> = { by: Name; isDescending: boolean };

type Columns<Name extends string> = Readonly<Record<Name, Column>>;

/** Reads `name` or `-name`; anything else is as usual. */
export function readSortBy<Name extends string>(columns: Columns<Name>, asked: unknown, usual: SortBy<Name>): SortBy<Name> {
  const by = String(asked ?? '').replace(/^-/, '');
  return Object.hasOwn(columns, by) ? { by: by as Name, isDescending: String(asked).startsWith('-') } : usual;
}

/** The same as it stands in an address. */
export const sortText = ({ by, isDescending }: SortBy<string>): string => (isDescending ? `-${by}` : by);

/** The head of a column that sorts: pressed again it turns around; another column begins as it is mostly wanted. */
export function headOf<Name extends string>(
  columns: Columns<Name>,
  sort: SortBy<Name>,
  by: Name,
  to: (sort: SortBy<Name>) => string,
) {
  const { heading, startsDescending } = columns[by];
  const isCurrent = sort.by === by;
  const isDescending = isCurrent ? !sort.isDescending : Boolean(startsDescending);
  const direction = isCurrent ? (sort.isDescending ? 'descending' : 'ascending') : null;
  return { column: by, label: heading, direction, href: to({ by, isDescending }) } as const;
}
