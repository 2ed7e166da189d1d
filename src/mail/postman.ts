import { sendLetters, type Works } from './send.ts';
import { openTransport } from './transport.ts';

/** Long enough for a letter that is under way, short enough for a process that has ten seconds to end. */
const patienceMs = 4_000;

/** Sends letters for one process: one run at a time, however often it is woken. Stopped, it finishes letters or gives them back. */
export function openPostman(works: Works): { work(): Promise<void>; stop(): Promise<void> } {
  const [wish, force] = [new AbortController(), new AbortController()];
  const stop = { wished: wish.signal, forced: force.signal };
  const transport = works.config.smtpUrl ? openTransport(works.config.smtpUrl) : null;
  let current: Promise<void> | null = null;
  let isWokenAgain = false;
  const run = async () => {
    do {
      isWokenAgain = false;
      await sendLetters(works, transport, stop);
    } while (isWokenAgain && !wish.signal.aborted);
  };
  return {
    work: async () => {
      if (wish.signal.aborted) return;
      if (current) {
        isWokenAgain = true;
        return; // Else a hundred letters would keep every place of the queue until the last has left.
      }
      current = run().finally(() => {
        current = null;
      });
      await current;
    },
    stop: async () => {
      wish.abort();
      const timer = setTimeout(() => force.abort(), patienceMs);
      await current?.catch(() => {});
      clearTimeout(timer);
      transport?.close({ force: true });
    },
  };
}
