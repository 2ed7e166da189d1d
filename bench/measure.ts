import { noSamples, type Result, type Samples, sample, summary } from './samples.ts';

/** Does one piece of work and says whether it went well. */
export type Work = () => Promise<boolean>;

/** One of those that are measured beside each other; `share` is its part of the time. */
export type Side<Name extends string> = { name: Name; share: number; open(worker: number): Promise<Work> };

type Running = { samples: Samples; share: number; workers: Work[] };

const rounds = 12;
const fewestRounds = 2;
const warmUp = { pieces: 10, ms: 300 };

/**
 * Measures the sides in turns, in many short slices each, and takes the slices of a side together: whatever else the machine
 * does in the meantime falls upon all of them. Takes about `seconds`; slow work gets fewer rounds.
 */
export async function measure<Name extends string>(
  sides: Side<Name>[],
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<Record<Name, Result>> {
  const running = new Map<Name, Running>();
  for (const { name, share, open } of sides) {
    const workers = await Promise.all(Array.from({ length: concurrency }, (_, worker) => open(worker)));
    running.set(name, { samples: noSamples(), share, workers });
    await warm(workers[0] as Work);
  }
  const began = performance.now();
  const isOver = (round: number) => round >= fewestRounds && performance.now() - began > seconds * 1000;
  for (let round = 0; round < rounds && !isOver(round); round += 1) {
    const inOrder = round % 2 === 0 ? [...running.values()] : [...running.values()].reverse();
    for (const side of inOrder) await slice(side, (seconds * 1000 * side.share) / rounds);
  }
  return Object.fromEntries([...running].map(([name, { samples }]) => [name, summary(samples)])) as Record<Name, Result>;
}

async function warm(work: Work): Promise<void> {
  const until = performance.now() + warmUp.ms;
  for (let piece = 0; piece < warmUp.pieces && performance.now() < until; piece += 1) await work();
}

/** Every worker does at least one piece. */
async function slice({ samples, workers }: Running, ms: number): Promise<void> {
  const began = performance.now();
  const repeat = async (work: Work) => {
    do await sample(samples, work);
    while (performance.now() - began < ms);
  };
  await Promise.all(workers.map(repeat));
  samples.elapsedMs += performance.now() - began;
}
