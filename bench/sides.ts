import type { Agent } from 'node:http';
import type pg from 'pg';
import { inTransaction } from './database.ts';
import { isRight, openAgent, post, type Shot, send, type Target } from './http.ts';
import type { Side } from './measure.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** Where the three are: Roster, the minimal page, and the database itself. */
export type Places = { roster: Target; floor: Target; pool: pg.Pool };
export type SideName = 'roster' | 'floor' | 'sql';

/** A scenario upon Roster, upon the minimal page and in bare SQL, for at most `concurrency` workers at once. */
export function sidesOf(scenario: Scenario, places: Places, concurrency: number): { sides: Side<SideName>[]; close(): void } {
  const toRoster = openAgent(concurrency, scenario.isFresh);
  const toFloor = openAgent(concurrency, scenario.isFresh);
  const shoot = async (agent: Agent, target: Target, shot: Shot) => isRight(shot, await send(agent, target, shot));
  const sides: Side<SideName>[] = [
    {
      name: 'roster',
      share: 0.4,
      async open(worker) {
        const next = await scenario.requests(worker);
        return () => shoot(toRoster, places.roster, next());
      },
    },
    {
      name: 'floor',
      share: 0.4,
      async open(worker) {
        const next = scenario.values(worker, 'floor');
        return () => shoot(toFloor, places.floor, minimal(scenario, next()));
      },
    },
    {
      name: 'sql',
      share: 0.2,
      async open(worker) {
        const next = scenario.values(worker, 'sql');
        return () => query(places.pool, scenario, next());
      },
    },
  ];
  const close = () => {
    toRoster.destroy();
    toFloor.destroy();
  };
  return { sides, close };
}

/** The request of a scenario to the minimal pages of bench/floor.ts. */
function minimal({ name, view }: Scenario, values: unknown[][]): Shot {
  const fields = { scenario: name, values: JSON.stringify(values) };
  return view ? { path: `/page?${new URLSearchParams(fields)}` } : post('/act', fields);
}

/** Through node-postgres alone. What writes does so in one transaction. */
async function query(pool: pg.Pool, { statements, view }: Scenario, values: unknown[][]): Promise<boolean> {
  if (view) {
    for (const [index, sql] of statements.entries()) await pool.query(sql, values[index]);
    return true;
  }
  await inTransaction(pool, statements, values);
  return true;
}
