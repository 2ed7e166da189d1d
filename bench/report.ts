import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../src/ground/root.ts';
import type { Result } from './samples.ts';
import type { SideName } from './sides.ts';
import { printTable } from './table.ts';
import type { Outcome } from './under-load/work.ts';

/** A scenario at one concurrency: Roster, the minimal page and bare SQL, measured in turns. */
export type Row = { name: string; concurrency: number } & Record<SideName, Result>;

export type Report = {
  users: number;
  rows: Row[];
  underLoad: (Outcome & { name: string })[];
  coldStartsMs: number[];
  memoryMiB: { idle: number; afterScenarios: number; afterLoad: number };
  /** What could not be measured, and what there was no time for. */
  failures: string[];
  skipped: string[];
};

/** What Roster is to keep beside the minimal page, and by itself. */
const aims = { p50Ratio: 1.5, perSecondRatio: 0.6, p99Ms: 100, coldStartMs: 1000, idleMiB: 150 };

/** Prints the tables, and writes all figures to bench/results.json. */
export function report(report: Report): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  print(
    `\n${report.users.toLocaleString('en')} accounts; ${machine}. Times in milliseconds; “misses” names the aims that a row misses.\n\n`,
  );
  if (report.rows.length > 0) printScenarios(report.rows);
  if (report.underLoad.length > 0) printUnderLoad(report.underLoad);
  printProcess(report);
  for (const failure of report.failures) print(`Not measured: ${failure}\n`);
  if (report.skipped.length > 0) print(`Skipped, as the time was over: ${report.skipped.join('; ')}\n`);
  const all = { at: new Date().toISOString(), machine, aims, ...report };
  writeFileSync(join(root, 'bench/results.json'), `${JSON.stringify(all, null, 1)}\n`);
}

const print = (text: string) => process.stdout.write(text);
const ms = (value: number) => value.toFixed(1);
const ratio = (value: number) => value.toFixed(2);
const whole = (value: number) => Math.round(value).toLocaleString('en');

function printScenarios(rows: Row[]): void {
  const figures = ['p50', 'p95', 'p99', 'per s', 'page p50', 'SQL p50'];
  const heads = ['scenario', 'at once', ...figures, 'p50 ÷ page', 'per s ÷ page', 'p50 ÷ SQL', 'failed', 'misses'];
  printTable(
    heads,
    rows.map((row) => {
      const { name, concurrency, roster, floor, sql } = row;
      const measured = [ms(roster.p50), ms(roster.p95), ms(roster.p99), whole(roster.perSecond)];
      const floors = [ms(floor.p50), ms(sql.p50)];
      const ratios = [roster.p50 / floor.p50, roster.perSecond / floor.perSecond, roster.p50 / sql.p50].map(ratio);
      const failed = [roster, floor, sql].map((result) => result.failed);
      const fails = failed.some((count) => count > 0) ? failed.join(' / ') : '0';
      return [name, String(concurrency), ...measured, ...floors, ...ratios, fails, missesOf(row).join(', ')];
    }),
  );
}

export function missesOf({ concurrency, roster, floor }: Row): string[] {
  const misses: [boolean, string][] = [
    [roster.p50 > aims.p50Ratio * floor.p50, 'p50'],
    [roster.perSecond < aims.perSecondRatio * floor.perSecond, 'per s'],
    [concurrency === 1 && roster.p99 > aims.p99Ms, 'p99'],
    [roster.failed > 0, 'failed'],
  ];
  return misses.filter(([is]) => is).map(([, what]) => what);
}

function printUnderLoad(outcomes: Report['underLoad']): void {
  print('\nUnder load\n\n');
  printTable(
    ['what', 'figures', '/users p50', '/users p99', 'of', 'memory before, MiB', 'at most', 'misses'],
    outcomes.map(({ name, says, users, memoryMiB, misses }) => [
      name,
      says,
      ms(users.p50),
      ms(users.p99),
      whole(users.count),
      whole(memoryMiB.before),
      whole(memoryMiB.peak),
      misses.join(', '),
    ]),
  );
}

function printProcess({ coldStartsMs, memoryMiB }: Report): void {
  const coldStartMs = [...coldStartsMs].sort((a, b) => a - b)[Math.floor(coldStartsMs.length / 2)] ?? 0;
  print('\nThe process\n\n');
  printTable(
    ['what', 'figure', 'misses'],
    [
      ['cold start to the first page, database and all', `${whole(coldStartMs)} ms`, coldStartMs > aims.coldStartMs ? 'aim' : ''],
      ['memory idle', `${memoryMiB.idle} MiB`, memoryMiB.idle > aims.idleMiB ? 'aim' : ''],
      ['memory after the scenarios', `${memoryMiB.afterScenarios} MiB`, ''],
      ['memory after the load', `${memoryMiB.afterLoad} MiB`, ''],
    ],
  );
  print('\n');
}
