import { setTimeout as wait } from 'node:timers/promises';

/** Does the work and ends no sooner than `ms` after it began, whatever became of it: the time tells nothing. */
export async function atLeast(ms: number, work: () => Promise<void>): Promise<void> {
  const end = wait(ms);
  try {
    await work();
  } finally {
    await end;
  }
}
