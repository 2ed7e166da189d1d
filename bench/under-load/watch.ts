import { setInterval } from 'node:timers/promises';
import { isRight, openAgent, send } from '../http.ts';
import { noSamples, type Result, sample, summary } from '../samples.ts';
import { memoryOf } from '../server.ts';
import type { Stage } from '../stage.ts';

/** What went on beside a piece of work: how fast the list was meanwhile, and what the process held in memory. */
export type Watched = { users: Result; memoryMiB: { before: number; peak: number } };

const everyMs = 50;
const looksPerWeighing = 4;

/**
 * Does `work` while somebody else opens the list of users, twenty times a second whatever the answers take, and the
 * server's memory is weighed.
 */
export async function watch<T>(stage: Stage, work: () => Promise<T>): Promise<Watched & { done: T }> {
  const look = lookAt(stage);
  try {
    const done = await work();
    return { done, ...(await look.end()) };
  } finally {
    await look.end();
  }
}

function lookAt({ roster, server }: Stage): { end(): Promise<Watched> } {
  const agent = openAgent(100);
  const samples = noSamples();
  const shot = { path: '/users' };
  const memoryMiB = { before: memoryOf(server.process), peak: 0 };
  const ending = new AbortController();
  const began = performance.now();
  const looks: Promise<void>[] = [];
  const looking = (async () => {
    for await (const _ of setInterval(everyMs, null, { signal: ending.signal })) {
      looks.push(
        sample(samples, () =>
          send(agent, roster, shot).then(
            (answer) => isRight(shot, answer),
            () => false,
          ),
        ),
      );
      if (looks.length % looksPerWeighing === 0) memoryMiB.peak = Math.max(memoryMiB.peak, memoryOf(server.process));
    }
  })().catch(() => {}); // Ended.
  const end = async () => {
    ending.abort();
    await looking;
    await Promise.all(looks);
    samples.elapsedMs ||= performance.now() - began;
    agent.destroy();
    return { users: summary(samples), memoryMiB };
  };
  return { end };
}
