import { setMaxListeners } from 'node:events';
import { openAgent, post, send } from '../http.ts';
import { doorOf, password } from '../scenarios/signin.ts';
import { watch } from './watch.ts';
import { type HeavyWork, missesMeanwhile, secondsSince } from './work.ts';

const signIns = 200;
const longestMs = 60_000;

/** Many people sign in at once, each from a network of its own (as a proxy tells) and with the right password. */
export const storm: HeavyWork = {
  name: `storm of ${signIns} sign-ins`,
  async run(stage) {
    const { visitor, crowd } = stage;
    const { headers, _csrf } = await doorOf(visitor);
    const agent = openAgent(signIns);
    const signal = AbortSignal.timeout(longestMs);
    setMaxListeners(signIns, signal);
    const came = (identifier: string, index: number) => {
      const network = { 'x-forwarded-for': `10.${index}.0.1` };
      const shot = post('/sign-in', { _csrf, identifier, password }, { ...headers, ...network });
      return send(agent, visitor, shot, signal).then(
        ({ status }) => String(status),
        () => 'unanswered',
      );
    };
    const people = crowd.signers.slice(0, signIns);
    const began = performance.now();
    const { done: answers, ...watched } = await watch(stage, () => Promise.all(people.map(came)));
    const seconds = secondsSince(began);
    agent.destroy();
    const counts: Record<string, number> = {};
    for (const status of answers) counts[status] = (counts[status] ?? 0) + 1;
    const says = Object.entries(counts).map(([status, count]) => `${count} × ${status}`);
    return {
      ...watched,
      figures: { seconds, ...counts },
      says: `${says.join(', ')}; the last after ${seconds.toFixed(1)} s`,
      misses: missesMeanwhile(watched),
    };
  },
};
