import type { Stage } from '../stage.ts';
import type { Watched } from './watch.ts';

/** What came of heavy work: figures in words, and where it missed its aims. */
export type Outcome = Watched & { figures: Record<string, number>; says: string; misses: string[] };

/** Heavy work upon a running Roster, bounded in time: beyond it throws. */
export type HeavyWork = { name: string; run(stage: Stage): Promise<Outcome> };

/** The list of users is to stay usable meanwhile. */
const mostMeanwhileMs = 200;

export const missesMeanwhile = ({ users }: Watched): string[] => [
  ...(users.p99 > mostMeanwhileMs ? [`/users p99 > ${mostMeanwhileMs} ms`] : []),
  ...(users.failed > 0 ? [`${users.failed} × /users failed`] : []),
];

export const secondsSince = (began: number) => (performance.now() - began) / 1000;
