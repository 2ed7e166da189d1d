import type { Page } from '../ground/keyset.ts';
import { addressOf, type FilterState, filterStates, fromStart, listSizes, longestSearch, type View } from './address.ts';
import { stateBadges } from './badges.ts';
import { type OrderName, orders } from './order.ts';

/** What stands around the list: its filters and what is in force of them, the heads of its columns, its pager. */
export const controlsOf = (view: View, list: Page<{ sortKey: string; id: number }>) => ({
  heads: columns.map((column) => (isOrder(column) ? sortableHead(view, column) : { label: column, direction: null, href: null })),
  chips: chipsOf(view),
  stateChoices: [{ value: '', label: 'Any state' }, ...filterStates.map((value) => ({ value, label: stateWords(value) }))],
  isFiltered: view.q !== '' || view.state !== '',
  kept: [...new URLSearchParams(addressOf({ ...view, ...fromStart, q: '', state: '' }).split('?')[1])],
  longestSearch,
  pager: pagerOf(view, list),
});

/** In their order: those to sort by under their names, the others as they are headed. */
const columns = ['email', 'profile', 'Status', 'sent', 'expires', 'Accepted by', 'Invited by'] as const;

const isOrder = (column: string): column is OrderName => Object.hasOwn(orders, column);

/** Pressed again it turns around; another column begins as it is mostly wanted. */
function sortableHead(view: View, column: OrderName) {
  const { by, isDescending } = view.sort;
  const sort = { by: column, isDescending: by === column ? !isDescending : 'startsDescending' in orders[column] };
  const direction = by === column ? (isDescending ? 'descending' : 'ascending') : null;
  return { column, label: orders[column].heading, direction, href: addressOf(view, { ...fromStart, sort }) };
}

const stateWords = (state: FilterState) => (state === 'failed' ? 'Mail failed' : stateBadges[state].text);

function chipsOf(view: View) {
  const { q, state } = view;
  return [
    ...(q ? [{ label: `“${q}”`, href: addressOf(view, { ...fromStart, q: '' }) }] : []),
    ...(state ? [{ label: `Status: ${stateWords(state)}`, href: addressOf(view, { ...fromStart, state: '' }) }] : []),
  ];
}

function pagerOf(view: View, { rows, hasNext, hasPrevious }: Page<{ sortKey: string; id: number }>) {
  const cursorOf = (row = rows[0]) => (row ? { key: row.sortKey, id: row.id } : null);
  const to = (changes: Partial<View>) => addressOf(view, { ...fromStart, ...changes });
  return {
    first: hasPrevious ? to({}) : null,
    previous: hasPrevious ? to({ before: cursorOf() }) : null,
    next: hasNext ? to({ after: cursorOf(rows.at(-1)) }) : null,
    sizes: listSizes.map((size) => ({ size, href: to({ limit: size }), current: size === view.limit })),
    text: rows.length === 1 ? '1 invitation on this page' : `${rows.length} invitations on this page`,
  };
}
