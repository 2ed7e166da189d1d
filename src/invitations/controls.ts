import type { Page } from '../ground/keyset.ts';
import { fromStart, pagerOf } from '../web/pager.ts';
import { headOf } from '../web/sorting.ts';
import { addressOf, type FilterState, filterStates, longestSearch, type View } from './address.ts';
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
  pager: pagerOf(list, { to: (turn) => addressOf(view, turn), limit: view.limit, noun: ['invitation', 'invitations'] }),
});

/** In their order: those to sort by under their names, the others as they are headed. */
const columns = ['email', 'profile', 'Status', 'sent', 'expires', 'Accepted by', 'Invited by'] as const;

const isOrder = (column: string): column is OrderName => Object.hasOwn(orders, column);

const sortableHead = (view: View, column: OrderName) =>
  headOf(orders, view.sort, column, (sort) => addressOf(view, { ...fromStart, sort }));

const stateWords = (state: FilterState) => (state === 'failed' ? 'Mail failed' : stateBadges[state].text);

function chipsOf(view: View) {
  const { q, state } = view;
  return [
    ...(q ? [{ label: `“${q}”`, href: addressOf(view, { ...fromStart, q: '' }) }] : []),
    ...(state ? [{ label: `Status: ${stateWords(state)}`, href: addressOf(view, { ...fromStart, state: '' }) }] : []),
  ];
}
