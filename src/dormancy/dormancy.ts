import { setTimeout } from 'node:timers/promises';
import { system } from '../access/actor.ts';
import type { Db, Trx } from '../ground/database.ts';
import { readSettings } from '../settings/settings.ts';
import { actUponMany } from '../users/act.ts';
import type { Belonging } from '../users/belongings.ts';
import { holdCounter } from '../users/limit.ts';
import { bindingsOf, type Rule, ruleOf, used } from './rule.ts';
import { type Found, type Step, type StepName, stepsOf } from './steps.ts';

/** Accounts per transaction: they are held no longer than one takes. */
const chunkUsers = 300;
/** So many chunks of a kind in one run: what a new rule finds must not bury the letters that people wait for. The next goes on. */
const mostChunks = 20;
/** Between two chunks, so that pages are never kept waiting by a long row of them. */
const breathMs = 5;

/** Who has done it, as the history tells it. */
const clock = system('clock');

const inOrder: StepName[] = ['warn', 'warnAgain', 'deactivate', 'deactivateUnwarned', 'tellOfDeletion', 'delete'];

/**
 * Does what the rule for dormant accounts says: warns, deactivates, deletes. Call it as often as you like, from several processes
 * at once, and kill it at any moment: a chunk is one transaction with its letters and its history, which takes only accounts that
 * nobody holds, and whoever has been dealt with is found no more. A kind that breaks off holds up no other.
 */
export async function endUnusedAccounts(db: Db, belongings: readonly Belonging[]): Promise<void> {
  const failed: unknown[] = [];
  for (const name of inOrder) await runStep(db, name, belongings).catch((error) => failed.push(error));
  if (failed.length > 0) throw new AggregateError(failed, 'Not everything was done to the dormant accounts.');
}

async function runStep(db: Db, name: StepName, belongings: readonly Belonging[]): Promise<void> {
  const refused: number[] = [];
  for (let chunk = 0; chunk < mostChunks; chunk += 1) {
    const found = await db.transaction((trx) => doSome(trx, name, { belongings, refused }));
    if (found < chunkUsers) return;
    await setTimeout(breathMs);
  }
}

type Works = { belongings: readonly Belonging[]; refused: number[] };

/** One chunk, by the rule as it is at this moment; says how many accounts it has found. Whom a rule refuses is passed over. */
async function doSome(trx: Trx, name: StepName, { belongings, refused }: Works): Promise<number> {
  const settings = await readSettings(trx);
  const rule = ruleOf(settings);
  const step = stepsOf(rule, { belongings, restoreDays: settings.restoreDays })[name];
  if (!step) return 0;
  const byId = new Map<number, Found>();
  const act = step.act(byId);
  if (act.changesCount) await holdCounter(trx); // Before any row of users is held, as everywhere.
  for (const one of await findSome(trx, rule, step, refused)) byId.set(one.id, one);
  const outcomes = await actUponMany(trx, clock, act, [...byId.keys()], step.input ?? {});
  refused.push(...outcomes.flatMap((outcome) => ('refusal' in outcome ? [outcome.userId] : [])));
  return byId.size;
}

/** Those that are concerned and that nobody holds, held until the transaction ends. */
async function findSome(trx: Trx, rule: Rule, { where, order, dueAt }: Step, refused: number[]): Promise<Found[]> {
  const { rows } = await trx.raw(
    `select users.id, ${used} as used_at, extract(day from now() - ${used})::int as unused_days, ${dueAt} as due_at
     from users where ${where} and users.id <> all(:refused) ${order ? `order by ${order}` : ''} limit :limit for update skip locked`,
    { ...bindingsOf(rule), refused, limit: chunkUsers },
  );
  return rows;
}
