import { lostLetter } from '../ground/csv.ts';
import { camel, snake } from '../ground/names.ts';
import { isReserved, nameOf } from '../users/fields.ts';
import { type Columns, labelOf } from './columns.ts';
import { type ImportFields, kept, parseFields } from './fields.ts';
import type { Verdict } from './verdicts.ts';

/** A row of the file: `line` as spreadsheets count them, the heading line is the first. */
export type Row = { line: number; cells: string[] };

/** A row with what it would become; `verdict` is null while nothing speaks against it. */
export type Judged = Row & { fields: Partial<ImportFields> | null; verdict: Verdict | null; problem: string };

/** Reads rows by themselves: everything that can be said without the other rows and without the accounts there are. */
export function rowReader(columns: Columns): (row: Row) => Judged {
  const names = columns.map((column) => column && camel(column));
  return (row) => readRow(row, names);
}

function readRow(row: Row, names: Columns): Judged {
  const { length } = row.cells;
  if (length !== names.length)
    return bad(row, 'invalid_value', `This row has ${length} cells, the heading line ${names.length}.`);
  const typed = cellsByName(row.cells, names);
  const read = parseFields(typed);
  const problems = firstProblems(read.error?.issues ?? []);
  for (const name of Object.keys(typed)) if (typed[name]?.includes(lostLetter)) problems.set(name, lost);
  if (problems.size > 0 || !read.data) return refuse(row, problems, typed.username?.trim() ?? '');
  if (isReserved(read.data.username)) return bad(row, 'reserved_username', reserved);
  if (!nameOf(read.data)) return bad(row, 'missing_name', 'A name is needed: a name, a first or last name, or an organization.');
  return { ...row, fields: kept(read.data), verdict: null, problem: '' };
}

const firstProblems = (issues: readonly { path: PropertyKey[]; message: string }[]) =>
  new Map(issues.toReversed().map(({ path, message }) => [String(path[0]), message]));

const lost = 'Holds letters that were lost: the file was not saved as UTF-8.';
const reserved = 'This word is reserved; choose another.';

/** Our columns alone reach the fields, and they are all known names: no heading can smuggle in another. */
function cellsByName(cells: string[], names: Columns): Record<string, string> {
  const typed: Record<string, string> = {};
  for (const [index, name] of names.entries()) if (name !== null) typed[name] = cells[index] ?? '';
  return typed;
}

const verdictOf: Record<string, Verdict> = { username: 'invalid_username', email: 'invalid_email', profile: 'invalid_profile' };

/** The gravest of a row's problems: its identity before its address, and these before the rest. */
function refuse(row: Row, problems: Map<string, string>, username: string): Judged {
  if (problems.has('username') && isReserved(username)) return bad(row, 'reserved_username', reserved);
  const name = ['username', 'email', 'profile'].find((first) => problems.has(first)) ?? [...problems.keys()][0] ?? '';
  return bad(row, verdictOf[name] ?? 'invalid_value', `${labelOf(snake(name))}: ${problems.get(name)}`);
}

const bad = (row: Row, verdict: Verdict, problem: string): Judged => ({ ...row, fields: null, verdict, problem });
