import type { Stage } from '../stage.ts';
import { actingInBulk } from './bulk.ts';
import { exporting } from './export.ts';
import { importing } from './import.ts';
import { storm } from './storm.ts';
import type { HeavyWork, Outcome } from './work.ts';

/** The import comes last: what it writes into the history is sealed long after. */
export const heavyWork: HeavyWork[] = [storm, exporting, actingInBulk, importing];

type Worked = { outcomes: (Outcome & { name: string })[]; failures: string[]; skipped: string[] };

/** Does one after the other. What fails, and what there is no time for, is named and left out. */
export async function workThrough(stage: Stage, works: HeavyWork[], until: number): Promise<Worked> {
  const worked: Worked = { outcomes: [], failures: [], skipped: [] };
  for (const { name, run } of works) {
    try {
      if (performance.now() > until) worked.skipped.push(name);
      else worked.outcomes.push({ name, ...(await run(stage)) });
    } catch (error) {
      worked.failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  return worked;
}
