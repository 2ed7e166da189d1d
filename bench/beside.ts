import { readPage } from './http.ts';
import { measure } from './measure.ts';
import type { Row } from './report.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { sidesOf } from './sides.ts';
import type { Stage } from './stage.ts';

export type Measured = { rows: Row[]; failures: string[]; skipped: string[] };

/** How long the three sides together are measured at each concurrency, and when there is no time for more. */
export type Times = { seconds: number; concurrencies: number[]; until: number };

/** Measures each scenario beside its floors. What fails, and what there is no time for, is named and left out. */
export async function measureBeside(stage: Stage, scenarios: Scenario[], times: Times): Promise<Measured> {
  const measured: Measured = { rows: [], failures: [], skipped: [] };
  for (const scenario of scenarios) {
    try {
      if (performance.now() > times.until) measured.skipped.push(scenario.name);
      else measured.rows.push(...(await measureScenario(stage, scenario, times)));
    } catch (error) {
      measured.failures.push(`${scenario.name}: ${(error as Error).message}`);
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return measured;
}

async function measureScenario(stage: Stage, scenario: Scenario, { seconds, concurrencies }: Times): Promise<Row[]> {
  if (scenario.view) await assertSameRows(stage, scenario);
  const rows: Row[] = [];
  for (const concurrency of concurrencies) {
    const { sides, close } = sidesOf(scenario, stage, concurrency);
    const results = await measure(sides, { concurrency, seconds }).finally(close);
    rows.push({ name: scenario.name, concurrency, ...results });
  }
  return rows;
}

/** Beside each other only as long as it is the same: who stands in the rows of bare SQL stands in the page. */
async function assertSameRows({ roster, pool }: Stage, { statements, turns }: Scenario): Promise<void> {
  const [turn] = turns;
  if (!turn) return;
  const { html } = await readPage(roster, turn.path);
  const found = await Promise.all(statements.map((sql, index) => pool.query(sql, turn.values?.[index])));
  const usernames = found.flatMap(({ rows }) => rows.flatMap(({ username }) => username ?? []));
  const strangers = usernames.filter((username) => !html.includes(username));
  if (strangers.length > 0) throw new Error(`the page does not show ${strangers.join(', ')}`);
}
