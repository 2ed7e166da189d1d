import { setTimeout as sleep } from 'node:timers/promises';
import { CannotStart } from './failure.ts';
import type { Launch } from './launch.ts';
import { type Lease, takeLeaseOrNull } from './lease.ts';
import type { Place } from './place.ts';
import { findPostmasterOrNull } from './postmaster.ts';

/** A long recovery after a crash fits in. */
const patienceMilliseconds = 120_000;
const lookMilliseconds = 20;
const pauseMilliseconds = 200;
const mostFailures = 5;

/**
 * Joins the server on this data folder, or launches it. One loop for all that may be going on: nothing runs, a sibling is
 * starting it, a killed process left it behind, it is shutting down, backends of a killed server are still leaving.
 */
export async function joinServer(place: Place, password: string, launch: () => Launch): Promise<Lease> {
  let attempt: Launch | undefined;
  let failures = 0;
  for (const deadline = Date.now() + patienceMilliseconds; Date.now() < deadline; await sleep(lookMilliseconds)) {
    const postmaster = findPostmasterOrNull(place.data);
    if (postmaster?.isReady) {
      const lease = await takeLeaseOrNull({ host: postmaster.socketFolder, password });
      if (lease) return lease;
    } else if (!postmaster && (!attempt || attempt.hasEnded())) {
      if (attempt) {
        failures += countsAgainst(attempt);
        if (failures >= mostFailures) throw new CannotStart(`The embedded database does not start: ${attempt.complaint()}`);
        await sleep(pauseMilliseconds);
      }
      attempt = launch();
    }
  }
  throw new CannotStart(`The embedded database in ${place.folder} did not answer in ${patienceMilliseconds / 1000} s.`);
}

/** A sibling's lock and old backends go away by themselves. */
function countsAgainst(attempt: Launch): 0 | 1 {
  return /already exists|is empty|shared memory block/.test(attempt.complaint()) ? 0 : 1;
}
