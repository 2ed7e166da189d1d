import { countedAtOnce } from '../ground/search.ts';
import { figure } from '../web/figures.ts';
import { addressOf, fromStart, queryOf, type View } from './address.ts';
import { type SavedView, viewOf } from './views.ts';

/** The saved view that an address shows: the one that it names, else the one whose list it is. */
export function openedView(view: View, views: readonly SavedView[]): SavedView | null {
  const query = queryOf(view);
  return views.find(({ id }) => id === view.savedView) ?? views.find((saved) => saved.query === query) ?? null;
}

/** The others are in the menu beside the row. */
const mostInRow = 8;

type Counts = Map<number, number | null>;

/** Saved views as a row of links, the open one marked; without `counts` they follow on their own. */
export function stripOf(view: View, views: readonly SavedView[], counts: Counts | null = null) {
  const opened = openedView(view, views);
  return {
    countsHref: counts ? null : addressOf({ ...view, savedView: opened?.id ?? null }, fromStart, '/users/views/counts'),
    savedViews: views.map((saved, index) => ({
      ...saved,
      href: addressOf(viewOf(saved)),
      isOpen: saved === opened,
      isInRow: index < mostInRow || saved === opened,
      count: counts ? sayCount(counts.get(saved.id)) : '…',
    })),
  };
}

function sayCount(count: number | null | undefined): string {
  if (count === undefined) return '?';
  return count === null ? `${figure(countedAtOnce)}+` : figure(count);
}

/** What can be saved of a view: changes to the own one that is open, or the list under a new name; only what is understood. */
export function savingOf(view: View, opened: SavedView | null, isUnderstood: boolean) {
  const query = queryOf(view);
  const isChanged = opened !== null && query !== opened.query;
  const maySave = isUnderstood && query !== '' && query !== opened?.query;
  return {
    opened,
    isChanged,
    query,
    maySaveChanges: maySave && isChanged && opened.isOwn,
    saveHref: maySave ? `/users/views/new?${query}` : null,
  };
}
