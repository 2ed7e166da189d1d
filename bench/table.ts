import type { Result } from './load.ts';

/** One scenario at one concurrency: Roster, the minimal page and the bare SQL, measured in the same run. */
export type Row = { name: string; concurrency: number; roster: Result; floor: Result | null; sql: Result | null };

const heads = [
  'scenario',
  'at once',
  'p50',
  'p95',
  'p99',
  'per s',
  'floor p50',
  'SQL p50',
  'p50 ÷ floor',
  'per s ÷ floor',
  'failed',
];

/** Prints the rows as a Markdown table; times in milliseconds. */
export function printTable(rows: Row[]): void {
  const lines = [heads, heads.map(() => '---'), ...rows.map(cells)];
  for (const line of lines) process.stdout.write(`| ${line.join(' | ')} |\n`);
}

function cells({ name, concurrency, roster, floor, sql }: Row): string[] {
  const ms = (value: number | undefined) => (value === undefined ? '' : value.toFixed(1));
  const ratio = (value: number | undefined) => (value === undefined ? '' : value.toFixed(2));
  return [
    name,
    String(concurrency),
    ms(roster.p50),
    ms(roster.p95),
    ms(roster.p99),
    roster.perSecond.toFixed(0),
    ms(floor?.p50),
    ms(sql?.p50),
    ratio(floor ? roster.p50 / floor.p50 : undefined),
    ratio(floor ? roster.perSecond / floor.perSecond : undefined),
    String(roster.failed),
  ];
}
