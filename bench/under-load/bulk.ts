import { setTimeout as sleep } from 'node:timers/promises';
import { formOrNull, openAgent, type Page, post, readForm, readPage, send, type Target } from '../http.ts';
import type { Stage } from '../stage.ts';
import { watch } from './watch.ts';
import { type HeavyWork, missesMeanwhile, secondsSince } from './work.ts';

const mostSeconds = 60;
const longestMs = 150_000;
const pollMs = 250;

/** A tenth of the seeded crowd: a hundred thousand of a million. */
const list = '/users?profile=standard';

/** Deactivates everybody who matches a list, through its pages, and undoes it: afterwards everybody is as before. */
export const actingInBulk: HeavyWork = {
  name: 'deactivation of a tenth, and its undoing',
  async run(stage) {
    const { done: steps, ...watched } = await watch(stage, () => deactivateAndUndo(stage.roster));
    const done = await countDone(stage, steps.id);
    const { checkSeconds, runSeconds, undoSeconds } = steps;
    return {
      ...watched,
      figures: { done, checkSeconds, runSeconds, undoSeconds },
      says: `${done.toLocaleString('en')} accounts: check ${checkSeconds.toFixed(1)} s, run ${runSeconds.toFixed(1)} s, undo ${undoSeconds.toFixed(1)} s`,
      misses: [...(runSeconds > mostSeconds ? [`run > ${mostSeconds} s`] : []), ...missesMeanwhile(watched)],
    };
  },
};

async function deactivateAndUndo(roster: Target) {
  const { _csrf = '' } = await readForm(roster, list, '/users/bulk');
  const began = performance.now();
  const address = await sendForm(roster, '/users/bulk', { _csrf, act: 'deactivate user', all: 'on', from: list });
  const run = await formOnceThere(roster, address, `${address}/run`);
  const checkSeconds = secondsSince(began);
  const started = performance.now();
  await sendForm(roster, `${address}/run`, run);
  const undo = await formOnceThere(roster, address, `${address}/undo`);
  const runSeconds = secondsSince(started);
  const undoing = performance.now();
  const undoAddress = await sendForm(roster, `${address}/undo`, undo);
  await until(roster, undoAddress, (page) => formOrNull(page, `${undoAddress}/stop`) === null);
  return { id: Number(address.split('/').at(-1)), checkSeconds, runSeconds, undoSeconds: secondsSince(undoing) };
}

/** Sends a form and says where it leads. */
async function sendForm(roster: Target, path: string, fields: Record<string, string>): Promise<string> {
  const { status, location } = await send(openAgent(1, true), roster, post(path, fields));
  if (status !== 303 || !location) throw new Error(`${path} answers ${status}`);
  return location;
}

async function formOnceThere(roster: Target, address: string, action: string): Promise<Record<string, string>> {
  const page = await until(roster, address, (shown) => formOrNull(shown, action) !== null);
  return formOrNull(page, action) ?? {};
}

async function until(roster: Target, address: string, isThere: (page: Page) => boolean): Promise<Page> {
  for (const end = Date.now() + longestMs; Date.now() < end; await sleep(pollMs)) {
    const page = await readPage(roster, address);
    if (isThere(page)) return page;
  }
  throw new Error(`${address} is not done after ${longestMs / 1000} s.`);
}

async function countDone({ pool }: Stage, id: number): Promise<number> {
  const { rows } = await pool.query('select count(*) from bulk_rows where bulk_id = $1 and history_id is not null', [id]);
  return Number(rows[0].count);
}
