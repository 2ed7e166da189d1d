import type { Request, Response } from 'express';
import { Invalid, NotFound } from '../ground/errors.ts';
import { idOrNull } from '../ground/fields.ts';
import { readSettings } from '../settings/settings.ts';
import { groupChoices } from '../users/groups.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { sendCsv } from '../web/csv.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import type { BulkAct, BulkActs } from './acts.ts';
import { answerBulk, askedFirst } from './begin.ts';
import { type Bulk, countVerdicts, findBulk, listRows, type RowQuery, verdicts } from './bulk.ts';
import { exportSelected, reportRows } from './report.ts';
import { runBulk, startBulk, stopBulk, type Works } from './run.ts';
import { work } from './select.pages.ts';
import * as shown from './shown.ts';
import { findWayBack, undoBulk } from './undo.ts';

/** More than so many users are acted upon after the answer; its page shows how far it is. */
const mostAtOnce = 200;

type Parts = { acts: BulkActs; confirmIdentity(req: Request): Promise<void> };
type Errors = Record<string, string>;

/** The pages of one act upon many users: its preview, its run, its report. */
export function bulkPages({ acts, confirmIdentity }: Parts) {
  const actOf = (bulk: Bulk & { act: string }) => acts.get(bulk.act) as BulkAct;
  const found = (req: Request) => findBulk(dbOf(req), idOrNull(req.params.id));
  const show = async (req: Request, res: Response, errors: Errors = {}) => {
    const bulk = await found(req);
    await page(req, res, 'bulk/show', await localsOf(req, bulk, actOf(bulk), errors));
  };
  /** Does what a form asks for; when it needs mending its page says so. */
  const mended = (handle: (req: Request, res: Response) => Promise<void>) => async (req: Request, res: Response) => {
    try {
      await handle(req, res);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await show(req, res.status(422), error.fields);
    }
  };
  return {
    showBulk: (req: Request, res: Response) => show(req, res),

    postAnswer: mended(async (req, res) => {
      const bulk = await found(req);
      await answerBulk(dbOf(req), actorOf(req), bulk, actOf(bulk), req.body ?? {});
      await work(req, acts, bulk.id);
      res.redirect(303, shown.addressOf(bulk));
    }),

    postRun: mended(async (req, res) => {
      const bulk = await found(req);
      const act = actOf(bulk);
      if (needsProof(bulk, act)) await confirmIdentity(req);
      await startBulk(dbOf(req), actorOf(req), bulk, act, req.body ?? {});
      await run(req, res, acts, bulk.id);
    }),

    /** Undoes all of it; its own page shows what came of that. */
    postUndo: mended(async (req, res) => {
      const bulk = await found(req);
      const act = actOf(bulk);
      if (act.undoNeedsProof) await confirmIdentity(req);
      await run(req, res, acts, await undoBulk(dbOf(req), actorOf(req), bulk, act));
    }),

    postStop: async (req: Request, res: Response) => {
      const bulk = await found(req);
      const hasStopped = await stopBulk(dbOf(req), actorOf(req), bulk);
      const text = hasStopped ? 'It has been stopped. What was done stays done.' : 'It was not running.';
      await done(req, res, shown.addressOf(bulk), text);
    },

    reportFile: async (req: Request, res: Response) => {
      const bulk = await found(req);
      await sendCsv(res, `report-${bulk.id}.csv`, reportRows(dbOf(req), bulk));
    },

    exportFile: async (req: Request, res: Response) => {
      const bulk = await found(req);
      if (bulk.act !== 'export users') throw new NotFound('There is no such file.');
      await sendCsv(res, 'users.csv', await exportSelected(dbOf(req), actorOf(req), bulk));
    },
  };
}

/** An undoing may make administrators again, whatever it undoes. */
const needsProof = ({ input, undoes }: Bulk, { many }: BulkAct) =>
  undoes !== null || Boolean(many?.needsProof?.(readForm(input, askedFirst(many.shape))));

/** Does it before the answer where few are ready, else behind it. */
async function run(req: Request, res: Response, acts: BulkActs, id: number): Promise<void> {
  const { log, ...works } = { ...contextOf(req), acts };
  const { ready } = await countVerdicts(works.db, await findBulk(works.db, id));
  const working = runBulk(works, id);
  if (ready <= mostAtOnce) await working;
  else
    working.catch((error) => log.error({ err: error, bulkId: id }, 'bulk act broke off; a worker continues it within a minute'));
  await done(req, res, shown.addressOf({ id }), ...(await saidOf(works, id)));
}

/** What the message says, with the way back where a button alone is enough for it. */
async function saidOf({ db, acts }: Works, id: number): Promise<[text: string, more: { undo?: string }]> {
  const bulk = await findBulk(db, id);
  const act = acts.get(bulk.act) as BulkAct;
  if (bulk.state === 'running') return ['It runs. You may leave this page.', {}];
  const { done: number } = await countVerdicts(db, bulk);
  const { isOpen } = await findWayBack(db, bulk, act);
  const undo = isOpen && !act.undoNeedsProof ? { undo: `${shown.addressOf(bulk)}/undo` } : {};
  return [number > 0 ? `${shown.users(number)} ${act.verbs[1]}.` : 'Nothing could be done.', undo];
}

async function localsOf(req: Request, bulk: Bulk & { act: string }, act: BulkAct, errors: Errors) {
  const db = dbOf(req);
  const counts = await countVerdicts(db, bulk);
  const query = readQuery(req, shown.verdictsOf(bulk, counts)[0] ?? null);
  const rows = query.verdict ? await listRows(db, bulk.id, { ...query, size: shown.pageRows + 1 }) : [];
  const some = query.before ? rows.slice(-shown.pageRows) : rows.slice(0, shown.pageRows);
  const settings = await readSettings(db);
  const isUnderWay = bulk.state === 'checking' || bulk.state === 'running';
  return {
    title: shown.headingOf(bulk, act, counts),
    section: 'users',
    refresh: isUnderWay ? 2 : null,
    bulk,
    act,
    counts,
    wayBack: await findWayBack(db, bulk, act),
    goesWith: bulk.consequences.filter(({ count }) => count > 0),
    address: shown.addressOf(bulk),
    says: typeof act.says === 'string' ? act.says : act.says(settings),
    mailChoice: shown.mailChoiceOf(bulk, act, counts, { typed: req.body, outgoingMail: settings.outgoingMail }),
    stateText: shown.stateOf(bulk),
    users: shown.users,
    total: counts.ready + counts.refused + counts.done,
    needsProof: bulk.state !== 'asking' && needsProof(bulk, act),
    unknown: shown.unknownOf(bulk),
    tabs: shown.tabsOf(bulk, counts, query.verdict),
    verdict: query.verdict && { label: shown.labelOf(query.verdict), says: shown.saysOf(query.verdict) },
    lines: shown.linesOf(some),
    pager: shown.pagerOf(bulk, query, some, rows.length > shown.pageRows),
    fields: shown.fieldsOf(act, bulk.state === 'asking' ? 'first' : 'last', (await groupChoices(db)).groupChoices),
    values: { ...bulk.input, ...typedAgain(req.body) },
    errors,
  };
}

function readQuery(req: Request, otherwise: RowQuery['verdict']): RowQuery {
  const { verdict, after, before } = req.query;
  return {
    verdict: verdicts.find((one) => one === verdict) ?? otherwise,
    after: idOrNull(after),
    before: idOrNull(before),
    size: shown.pageRows,
  };
}
