import { addressOf, fromStart, type View } from './address.ts';
import { type Column, type ColumnName, columnNames, columns, shownColumns } from './columns.ts';
import { type OrderName, orders } from './order.ts';

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
  const heads = shown.map((name, index) => headOf(view, { name, ...(drawn[index] as Column) }));
  return {
    columns: drawn,
    heads: [headOf(view, { name: 'name', heading: orders.name.heading, sort: 'name' }), ...heads],
    columnChoices: columnNames.map((name) => ({ name, label: columns[name].heading, isShown: shown.includes(name) })),
  };
}

const givesWay: readonly ColumnName[] = ['phone', 'description', 'things'];

type Headed = { name: ColumnName | 'name'; heading: string; sort?: OrderName; style?: string };

/** The head of a column, with the address of the list ordered by it; pressed again it turns around. */
function headOf(view: View, { name, heading, sort, style = '' }: Headed) {
  const head = { column: name, label: heading, style: [...new Set([name, ...style.split(' ')])].join(' ').trim() };
  if (!sort) return { ...head, direction: null, href: null };
  const order: { heading: string; startsDescending?: true } = orders[sort];
  const isCurrent = view.sort.by === sort;
  const isDescending = isCurrent ? !view.sort.isDescending : Boolean(order.startsDescending);
  const direction = isCurrent ? (view.sort.isDescending ? 'descending' : 'ascending') : null;
  return { ...head, direction, href: addressOf(view, { ...fromStart, sort: { by: sort, isDescending } }) };
}
