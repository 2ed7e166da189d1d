import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { formOrNull, isRight, openAgent, post, readForm, readPage, send, type Target } from '../http.ts';
import { removeImported } from '../prepare.ts';
import type { Stage } from '../stage.ts';
import { watch } from './watch.ts';
import { type HeavyWork, missesMeanwhile, secondsSince } from './work.ts';

const importedRows = 100_000;
const mostSeconds = 10;
const longestMs = 120_000;
const pollMs = 250;

/** Imports a file through the web, as an administrator does: upload, look at the verdicts, run, wait. Leaves nobody behind. */
export const importing: HeavyWork = {
  name: `import of ${importedRows.toLocaleString('en')} rows`,
  async run(stage) {
    const folder = await mkdtemp(join(tmpdir(), 'roster-bench-import-'));
    try {
      const file = join(folder, 'accounts.csv');
      await pipeline(Readable.from(csv()), createWriteStream(file));
      const { done, ...watched } = await watch(stage, () => importFile(stage.roster, file));
      const created = await countCreated(stage);
      const { previewSeconds, runSeconds } = done;
      const perSecond = created / (previewSeconds + runSeconds);
      return {
        ...watched,
        figures: { previewSeconds, runSeconds, created, perSecond },
        says: `preview ${previewSeconds.toFixed(1)} s, run ${runSeconds.toFixed(1)} s, ${Math.round(perSecond).toLocaleString('en')} rows/s`,
        misses: [
          ...(runSeconds > mostSeconds ? [`run > ${mostSeconds} s`] : []),
          ...(created < importedRows ? [`${created} created`] : []),
          ...missesMeanwhile(watched),
        ],
      };
    } finally {
      await rm(folder, { recursive: true });
      await removeImported(stage.pool);
    }
  },
};

function* csv(): Generator<string> {
  yield 'username,email,first_name,last_name,organization,phone,user_type,unp,legal_address,bank,bank_account,description,profile,state\n';
  for (let row = 0; row < importedRows; row += 1) {
    const n = String(row).padStart(6, '0');
    yield `bench-import-${n},import.${n}@import.example,Ines,Smirnova ${n},Harbour Cranes Ltd,+375 29 5${n},legal_entity,19${n}3,"${row % 200} Main St, Minsk",Nordea,BY17${n}6598339548353,imported,customer,invited\n`;
  }
}

/** Says how long the verdicts took, from the first byte sent, and how long making the accounts. */
async function importFile(roster: Target, file: string): Promise<{ previewSeconds: number; runSeconds: number }> {
  const { _csrf = '' } = await readForm(roster, '/users/import', '/users/import');
  const began = performance.now();
  const address = await upload(roster, file, _csrf);
  const previewSeconds = secondsSince(began);
  const form = await readForm(roster, address, `${address}/run`);
  const started = performance.now();
  const run = post(`${address}/run`, form);
  const answer = await send(openAgent(1, true), roster, run);
  if (!isRight(run, answer)) throw new Error(`${run.path} answers ${answer.status}`);
  await hasRun(roster, address);
  return { previewSeconds, runSeconds: secondsSince(started) };
}

/** Sends the file as the form on the page does, as it is read; returns the address of the import. */
async function upload({ port, headers }: Target, file: string, _csrf: string): Promise<string> {
  const boundary = 'roster-bench-boundary';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${_csrf}\r\n--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="accounts.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const length = head.length + (await stat(file)).size + tail.length;
  const type = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) };
  const sent = request({ host: '127.0.0.1', port, path: '/users/import', method: 'POST', headers: { ...headers, ...type } });
  const answered = new Promise<string>((resolve, reject) => {
    sent.once('error', reject).once('response', (response) => {
      response.resume();
      if (response.statusCode === 303) resolve(response.headers.location ?? '');
      else reject(new Error(`The upload is answered with ${response.statusCode}`));
    });
  });
  sent.write(head);
  await pipeline(createReadStream(file), sent, { end: false });
  sent.end(tail);
  return answered;
}

/** While an import runs its page offers to stop it. What takes too long is stopped. */
async function hasRun(roster: Target, address: string): Promise<void> {
  const until = Date.now() + longestMs;
  for (;;) {
    const stop = formOrNull(await readPage(roster, address), `${address}/stop`);
    if (!stop) return;
    if (Date.now() > until) {
      await send(openAgent(1, true), roster, post(`${address}/stop`, stop));
      throw new Error(`The import is not done after ${longestMs / 1000} s.`);
    }
    await sleep(pollMs);
  }
}

async function countCreated({ pool }: Stage): Promise<number> {
  const { rows } = await pool.query(`select count(*) from users where username like 'bench-import-%'`);
  return Number(rows[0].count);
}
