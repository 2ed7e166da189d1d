import type { Db } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import type { Runner } from '../users/runner.ts';
import type { Columns } from './columns.ts';
import { type Counts, rejecting, type Verdict } from './verdicts.ts';

/** A row of `imports`. */
export type Import = {
  id: number;
  madeBy: number | null;
  madeAt: Date;
  filename: string;
  headings: string[];
  columns: Columns;
  state: 'reading' | 'ready' | 'running' | 'stopped' | 'done';
  runBy: Runner | null;
  admitsAdministrators: boolean;
  /** Whether those who are Invited are sent their activation mails. */
  mailsActivation: boolean;
  total: number;
  leaseUntil: Date | null;
  endedAt: Date | null;
};

/** A row of a file as its page shows it. */
export type ShownRow = { line: number; cells: string[]; verdict: Verdict | null; problem: string; username: string | null };

export const daysKept = 7;

export async function findImport(db: Db, id: number | null): Promise<Import> {
  const found = id === null ? undefined : await db('imports').where({ id }).first();
  if (!found) throw new NotFound('There is no such import. Imports are erased after a week.');
  return found;
}

/** The latest imports that an administrator has made. */
export async function listImports(db: Db, madeBy: number): Promise<Import[]> {
  return db('imports').where({ madeBy }).orderBy('id', 'desc').limit(10);
}

export async function countVerdicts(db: Db, importId: number): Promise<Counts> {
  const counted = await db('importRows')
    .where({ importId })
    .whereNotNull('verdict')
    .groupBy('verdict')
    .select('verdict', db.raw('count(*) as rows'));
  return Object.fromEntries(counted.map(({ verdict, rows }) => [verdict, rows]));
}

/** A page of an import's rows in the order of the file, after one line or before another; one verdict's or all. */
export async function listRows(db: Db, importId: number, { verdict, after, before, size }: RowQuery): Promise<ShownRow[]> {
  const query = db('importRows').where({ importId }).limit(size).select(shownColumns(db));
  if (verdict) query.where({ verdict });
  if (before) return (await query.where('line', '<', before).orderBy('line', 'desc')).reverse();
  return query.where('line', '>', after ?? 0).orderBy('line');
}

export const shownColumns = (db: Db) => ['line', 'cells', 'verdict', 'problem', db.raw(`fields ->> 'username' as username`)];

export type RowQuery = { verdict: Verdict | null; after: number | null; before: number | null; size: number };

/** The verdicts whose rows are to be mended, or left. */
export const rejectedIn = ({ state }: Import): Verdict[] => rejecting(state === 'done');
