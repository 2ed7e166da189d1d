import { Agent, request } from 'node:http';

/** One request of a scenario; a fresh one each time, so that no two need be the same. */
export type Shot = { path: string; method?: 'GET' | 'POST'; body?: string; headers?: Record<string, string> };
export type Target = { port: number; headers: Record<string, string> };

/** Milliseconds at the middle, the twentieth and the hundredth slowest; requests per second; answers of 400 and above. */
export type Result = { p50: number; p95: number; p99: number; perSecond: number; failed: number; bytes: number };

const warmUp = 20;

/** Sends shots from `concurrency` connections for `seconds`, or at most `most` of them, and measures each to its last byte. */
export async function load(
  target: Target,
  next: () => Shot,
  options: { concurrency: number; seconds: number; most?: number },
): Promise<Result> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.concurrency });
  for (let n = 0; n < Math.min(warmUp, options.most ?? warmUp); n += 1) await send(agent, target, next());
  const times: number[] = [];
  const seen = { failed: 0, bytes: 0 };
  const began = performance.now();
  const isOver = () =>
    performance.now() - began > options.seconds * 1000 || times.length >= (options.most ?? Number.POSITIVE_INFINITY);
  const worker = async () => {
    while (!isOver()) {
      const at = performance.now();
      const { status, bytes } = await send(agent, target, next());
      times.push(performance.now() - at);
      seen.bytes = bytes;
      if (status >= 400) seen.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  agent.destroy();
  return { ...summary(times, performance.now() - began), ...seen };
}

/** The same measure for work that is not HTTP: bare SQL. */
export async function loop(work: () => Promise<unknown>, options: { concurrency: number; seconds: number }): Promise<Result> {
  for (let n = 0; n < warmUp; n += 1) await work();
  const times: number[] = [];
  const began = performance.now();
  const worker = async () => {
    while (performance.now() - began < options.seconds * 1000) {
      const at = performance.now();
      await work();
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return { ...summary(times, performance.now() - began), failed: 0, bytes: 0 };
}

function summary(times: number[], elapsed: number) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), perSecond: (times.length / elapsed) * 1000 };
}

function send(agent: Agent, { port, headers }: Target, shot: Shot): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      host: '127.0.0.1',
      port,
      path: shot.path,
      method: shot.method ?? 'GET',
      headers: { 'accept-encoding': 'gzip', ...headers, ...shot.headers },
    };
    const sent = request(options, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
    });
    sent.on('error', reject);
    sent.end(shot.body);
  });
}
