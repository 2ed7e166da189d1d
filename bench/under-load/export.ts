import { openAgent, send } from '../http.ts';
import { watch } from './watch.ts';
import { type HeavyWork, missesMeanwhile, secondsSince } from './work.ts';

const longestMs = 120_000;

/** Exports every account, compressed as a browser asks for it, to nowhere. */
export const exporting: HeavyWork = {
  name: 'export of all accounts',
  async run(stage) {
    const { roster, crowd } = stage;
    const signal = AbortSignal.timeout(longestMs);
    const began = performance.now();
    const { done, ...watched } = await watch(stage, async () => {
      const answer = await send(openAgent(1, true), roster, { path: '/users/export.csv' }, signal);
      return { ...answer, seconds: secondsSince(began) };
    });
    const { seconds, status, bytes, isWhole } = done;
    const perSecond = crowd.live / seconds;
    return {
      ...watched,
      figures: { seconds, rows: crowd.live, perSecond, bytes },
      says: `${seconds.toFixed(1)} s, ${Math.round(perSecond).toLocaleString('en')} rows/s, ${Math.round(bytes / 2 ** 20)} MiB compressed`,
      misses: [...(status === 200 && isWhole ? [] : [`answered ${status}`]), ...missesMeanwhile(watched)],
    };
  },
};
