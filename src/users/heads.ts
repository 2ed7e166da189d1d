import { headOf } from '../web/sorting.ts';
import { addressOf, fromStart, type View } from './address.ts';
import { type Column, type ColumnName, columnNames, columns, shownColumns } from './columns.ts';
import { type OrderName, orders, type Sort } from './order.ts';

/**
 * The columns of a list as it is drawn. Among the usual ones some give way where it is narrow; whoever has chosen
 * columns sees them all.
 */
export function columnsOf(view: View, chosen: readonly string[] | null) {
  const shown = shownColumns(chosen);
  const drawn = shown.map((name): Column => {
    const column: Column = columns[name];
    return givesWay.includes(name) && !chosen ? { ...column, style: `${column.style ?? ''} opt`.trim() } : column;
  });
  const heads = shown.map((name, index) => drawnHead(view, { name, ...(drawn[index] as Column) }));
  return {
    columns: drawn,
    heads: [drawnHead(view, { name: 'name', heading: orders.name.heading, sort: 'name' }), ...heads],
    columnChoices: columnNames.map((name) => ({ name, label: columns[name].heading, isShown: shown.includes(name) })),
  };
}

const givesWay: readonly ColumnName[] = ['phone', 'description', 'things', 'last'];

type Headed = { name: ColumnName | 'name'; heading: string; sort?: OrderName; style?: string };

/** The head of a column, with how it is drawn. */
function drawnHead(view: View, { name, heading, sort, style = '' }: Headed) {
  const head = { column: name, label: heading, style: [...new Set([name, ...style.split(' ')])].join(' ').trim() };
  if (!sort) return { ...head, direction: null, href: null };
  const to = (by: Sort) => addressOf(view, { ...fromStart, sort: by });
  const { direction, href } = headOf(orders, view.sort, sort, to);
  return { ...head, direction, href };
}
