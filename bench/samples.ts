/** Milliseconds at the middle, the twentieth and the hundredth slowest; how many per second; how many went wrong. */
export type Result = { p50: number; p95: number; p99: number; perSecond: number; count: number; failed: number };

/** What was measured so far: each time in milliseconds, and how long measuring took in all. */
export type Samples = { times: number[]; elapsedMs: number; failed: number };

export const noSamples = (): Samples => ({ times: [], elapsedMs: 0, failed: 0 });

/** Does a piece of work and keeps how long it took; `work` says whether it went well. */
export async function sample(samples: Samples, work: () => Promise<boolean>, began = performance.now()): Promise<void> {
  const isWell = await work();
  samples.times.push(performance.now() - began);
  if (!isWell) samples.failed += 1;
}

export function summary({ times, elapsedMs, failed }: Samples): Result {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const perSecond = elapsedMs > 0 ? (times.length / elapsedMs) * 1000 : 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), perSecond, count: times.length, failed };
}
