import type { Request, Response } from 'express';
import { Invalid } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { confirmIdentity } from '../signin/confirm.pages.ts';
import { readPlaces } from '../users/limit.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { sendCsv } from '../web/csv.ts';
import { typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { type Columns, isComplete, readColumns } from './columns.ts';
import { countVerdicts, daysKept, findImport, type Import, listImports, listRows, type RowQuery } from './import.ts';
import { changeColumns } from './remap.ts';
import { rejectedRows } from './reports.ts';
import { runImport, startImport, stopImport } from './run.ts';
import * as shown from './shown.ts';
import { sourceOf } from './source.ts';
import { mostRows, takeIn } from './take.ts';
import { isVerdict, verdicts } from './verdicts.ts';

/** More than so many accounts are created after the answer; its page shows how far they are. */
const mostAtOnce = 2000;

export const showImports = (req: Request, res: Response) => form(req, res);

/** Reads the file and shows what would become of each row; nothing is imported yet. */
export const postImport = async (req: Request, res: Response) => {
  try {
    const id = await takeIn(dbOf(req), actorOf(req), sourceOf(req));
    await done(req, res, `/users/import/${id}`, 'The file has been read. Nothing is imported yet.');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const { '': whole, ...fields } = error.fields;
    await form(req, res.status(422), whole ? { [req.upload?.filename ? 'file' : 'text']: whole, ...fields } : fields);
  }
};

async function form(req: Request, res: Response, errors: Record<string, string> = {}): Promise<void> {
  const imports = await listImports(dbOf(req), actorOf(req).id);
  const locals = { title: 'Import users', section: 'users', imports, stateOf: shown.stateOf };
  await page(req, res, 'imports/form', { ...locals, daysKept, mostRows, values: typedAgain(req.body), errors });
}

export const showImport = async (req: Request, res: Response) => show(req, res, await found(req));

const found = (req: Request) => findImport(dbOf(req), idOrNull(req.params.id));

async function show(
  req: Request,
  res: Response,
  imported: Import,
  problem: { errors?: Record<string, string>; columns?: Columns } = {},
) {
  const db = dbOf(req);
  const counts = await countVerdicts(db, imported.id);
  const { outgoingMail } = await readSettings(db);
  const query = readQuery(req, shown.firstVerdict(counts));
  const [rows, first, places] = await Promise.all([
    query.verdict ? listRows(db, imported.id, { ...query, size: shown.pageRows + 1 }) : [],
    listRows(db, imported.id, { verdict: null, after: null, before: null, size: 1 }),
    readPlaces(db),
  ]);
  const some = query.before ? rows.slice(-shown.pageRows) : rows.slice(0, shown.pageRows);
  await page(req, res, 'imports/show', {
    accounts: shown.accounts,
    addressOf: shown.addressOf,
    stateOf: shown.stateOf,
    title: `Import of ${imported.filename}`,
    section: 'users',
    refresh: imported.state === 'running' ? 2 : null,
    imported,
    isComplete: isComplete(imported.columns),
    totals: shown.totalsOf(imported, counts),
    tabs: shown.tabsOf(imported, counts, query.verdict),
    verdict: query.verdict && { key: query.verdict, ...verdicts[query.verdict] },
    lines: shown.linesOf(imported, some),
    pager: shown.pagerOf(imported, query, some, rows.length > shown.pageRows),
    choices: shown.choicesOf(imported, problem.columns ?? imported.columns, first[0]?.cells ?? []),
    places,
    outgoingMail,
    mailsActivation: req.body?.mails_activation === 'on',
    errors: problem.errors ?? {},
  });
}

function readQuery(req: Request, otherwise: RowQuery['verdict']): RowQuery {
  const { verdict, after, before } = req.query;
  return {
    verdict: isVerdict(verdict) ? verdict : otherwise,
    after: lineOrNull(after),
    before: lineOrNull(before),
    size: shown.pageRows,
  };
}

/** No file of ours has a line beyond what an id may hold, nor one that the database's integer could not. */
const lineOrNull = (value: unknown) => Math.min(idOrNull(value) ?? 0, 2 ** 31 - 1) || null;

/** Takes another meaning of the columns, or the same again, and finds the verdicts anew. */
export const postColumns = async (req: Request, res: Response) => {
  const imported = await found(req);
  try {
    await changeColumns(dbOf(req), imported.id, readColumns(req.body ?? {}, imported.headings));
    await done(req, res, shown.addressOf(imported), 'All rows have been checked again.');
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const columns = imported.headings.map((_, index) => String(req.body?.[`column_${index}`] ?? ''));
    await show(req, res.status(422), imported, { errors: error.fields, columns });
  }
};

/** Imports the ready rows, and administrators when the form says so and the actor has confirmed who it is. */
export const postRun = async (req: Request, res: Response) => {
  const imported = await found(req);
  const admitsAdministrators = req.body?.admits_administrators === 'on';
  const { outgoingMail } = await readSettings(dbOf(req));
  const mailsActivation = outgoingMail && req.body?.mails_activation === 'on';
  try {
    if (admitsAdministrators) await confirmIdentity(req, res);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return show(req, res.status(422), imported, { errors: error.fields });
  }
  await startImport(dbOf(req), actorOf(req), imported.id, { admitsAdministrators, mailsActivation });
  await done(req, res, shown.addressOf(imported), await work(req, imported.id));
};

async function work(req: Request, id: number): Promise<string> {
  const { db, log } = contextOf(req);
  const { ready = 0, needs_confirmation: administrators = 0 } = await countVerdicts(db, id);
  const working = runImport(db, id);
  if (ready + administrators <= mostAtOnce) {
    await working;
    return 'The import is done.';
  }
  working.catch((error) => log.error({ err: error, importId: id }, 'import broke off; a worker continues it within a minute'));
  return 'The import runs. You may leave this page.';
}

export const postStop = async (req: Request, res: Response) => {
  const imported = await found(req);
  const hasStopped = await stopImport(dbOf(req), actorOf(req), imported.id);
  const text = hasStopped ? 'The import has been stopped. What was created stays.' : 'The import was not running.';
  await done(req, res, shown.addressOf(imported), text);
};

export const rejectedFile = async (req: Request, res: Response) => {
  const imported = await found(req);
  await sendCsv(res, `rejected-${imported.id}.csv`, rejectedRows(dbOf(req), imported));
};
