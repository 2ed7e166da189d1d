import { figure } from '../web/figures.ts';
import { type Columns, labelOf, ourColumns } from './columns.ts';
import { type Import, type RowQuery, rejectedIn, type ShownRow } from './import.ts';
import { type Counts, type Verdict, verdicts } from './verdicts.ts';

/** What the page of an import shows, made of what the database says. */

export const pageRows = 50;
const longestShown = 120;

const names = Object.keys(verdicts) as Verdict[];

/** “1 account”, “2 accounts”. */
export const accounts = (number: number) => `${figure(number)} ${number === 1 ? 'account' : 'accounts'}`;

export const addressOf = ({ id }: Import) => `/users/import/${id}`;

const stateWords: Record<Import['state'], string> = {
  reading: 'being read',
  ready: 'nothing imported yet',
  running: 'being imported',
  stopped: 'stopped',
  done: 'done',
};

export const stateOf = ({ state }: Import) => stateWords[state];

/** What there is to run: plain accounts, and administrators, who need a confirmation. */
export function totalsOf(imported: Import, counts: Counts) {
  const { created = 0, ready = 0, needs_confirmation: administrators = 0 } = counts;
  const rejected = rejectedIn(imported).reduce((sum, verdict) => sum + (counts[verdict] ?? 0), 0);
  const left = ready + (imported.admitsAdministrators ? administrators : 0);
  return { created, ready, administrators, rejected, left, overLimit: counts.over_limit ?? 0 };
}

/** A tab for each verdict that some row has. */
export function tabsOf(imported: Import, counts: Counts, current: Verdict | null) {
  return names
    .filter((verdict) => counts[verdict])
    .map((verdict) => ({
      href: `${addressOf(imported)}?verdict=${verdict}`,
      label: verdicts[verdict].label,
      count: counts[verdict] ?? 0,
      current: verdict === current,
    }));
}

/** What is shown first: what is to be mended, before what is well. */
export function firstVerdict(counts: Counts): Verdict | null {
  const [well, bad] = [names.slice(0, 2), names.slice(2)];
  return [...bad, ...well].find((verdict) => counts[verdict]) ?? null;
}

/** The choice of a column of ours for each of the file's, with a cell of the first row to tell it by. */
export function choicesOf(imported: Import, columns: Columns, sample: string[]) {
  const options = [{ value: '', label: 'Leave out' }, ...ourColumns.map((column) => ({ value: column, label: labelOf(column) }))];
  return imported.headings.map((heading, index) => ({
    name: `column_${index}`,
    label: short(heading.trim()) || `Column ${index + 1}`,
    value: columns[index] ?? '',
    hint: sample[index]?.trim() ? `For example: ${short(sample[index].trim())}` : 'Empty in the first row.',
    options,
  }));
}

/** Rows as the table shows them: who it would be, and why not. */
export function linesOf(imported: Import, rows: ShownRow[]) {
  return rows.map(({ line, cells, problem, username }) => {
    const cell = (column: string) => cells[imported.columns.indexOf(column)]?.trim() ?? '';
    const name = cell('name') || cell('organization') || `${cell('first_name')} ${cell('last_name')}`.trim();
    return {
      line,
      problem,
      isCreated: cells.length === 0,
      username: short(cell('username') || (username ?? '')),
      email: short(cell('email')),
      name: short(name),
    };
  });
}

export function pagerOf(imported: Import, { verdict, after, before }: RowQuery, rows: ShownRow[], hasMore: boolean) {
  const first = rows[0]?.line;
  const last = rows.at(-1)?.line;
  const href = (part: string) => `${addressOf(imported)}?verdict=${verdict}${part}`;
  const isStart = before ? !hasMore : !after;
  const isEnd = before ? false : !hasMore;
  return {
    text: first ? `Rows ${figure(first)} to ${figure(last ?? first)} of the file` : 'No rows here',
    first: isStart ? null : href(''),
    previous: isStart || !first ? null : href(`&before=${first}`),
    next: isEnd || !last ? null : href(`&after=${last}`),
  };
}

const short = (text: string) => (text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
