import { noSamples, type Result, type Samples, sample, summary } from './samples.ts';

/** Does one piece of work and says whether it went well. */
export type Work = () => Promise<boolean>;

/** One of those that are measured beside each other; `share` is its part of the time. */
export type Side<Name extends string> = {
  name: Name;
  share: number;
  /** The work of one of the workers, made anew before each slice. */
  open(worker: number): Promise<Work>;
};

const rounds = 4;
const fewestRounds = 2;
const warmUp = { pieces: 10, ms: 300 };

/**
 * Measures the sides in turns, in several short slices each, and takes the slices of a side together: whatever else the machine
 * does in the meantime falls upon all of them. Takes about `seconds`; slow work gets fewer rounds.
 */
export async function measure<Name extends string>(
  sides: Side<Name>[],
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<Record<Name, Result>> {
  const samples = new Map(sides.map((side) => [side, noSamples()]));
  for (const side of sides) await warm(await side.open(0));
  const began = performance.now();
  const isOver = (round: number) => round >= fewestRounds && performance.now() - began > seconds * 1000;
  for (let round = 0; round < rounds && !isOver(round); round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed())
      await slice(samples.get(side) as Samples, side, { concurrency, ms: (seconds * 1000 * side.share) / rounds });
  }
  return Object.fromEntries([...samples].map(([side, some]) => [side.name, summary(some)])) as Record<Name, Result>;
}

async function warm(work: Work): Promise<void> {
  const until = performance.now() + warmUp.ms;
  for (let piece = 0; piece < warmUp.pieces && performance.now() < until; piece += 1) await work();
}

async function slice(samples: Samples, side: Side<string>, { concurrency, ms }: { concurrency: number; ms: number }) {
  const workers = await Promise.all(Array.from({ length: concurrency }, (_, worker) => side.open(worker)));
  const began = performance.now();
  const repeat = async (work: Work) => {
    do await sample(samples, work);
    while (performance.now() - began < ms);
  };
  await Promise.all(workers.map(repeat));
  samples.elapsedMs += performance.now() - began;
}
