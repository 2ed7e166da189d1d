import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';

/** How many letters leave at once, each over a connection of its own. */
export const lanes = 3;

export type Transport = Transporter;

/** A letter must be settled before its lease of a minute is over. */
const longestMs = 45_000;

/** What an address may say of how nodemailer works, but not this: it would write whole letters, links and all, on the console. */
const talkative = ['logger', 'debug', 'transactionLog'];

/** Connections to the mail server that letters share: those that nobody uses take their leave. Close it in the end. */
export function openTransport(smtpUrl: string): Transport {
  const url = new URL(smtpUrl);
  for (const name of talkative) url.searchParams.delete(name);
  const transport: Transport = createTransport({
    url: url.href,
    pool: true,
    maxConnections: lanes,
    idleTimeout: 10_000,
    maxRequeues: 1, // Only what has not begun to leave: the server had closed a connection that was idle.
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  transport.on('error', () => {}); // The letter that was on its way hears of it; unheard it would end the process.
  return transport;
}

type Limits = { signal?: AbortSignal; withinMs?: number };

/** Hands a message to the server, whose last words it returns. Throws what nodemailer says, see `troubleOf`. */
export async function deliver(
  transport: Transport,
  message: SendMailOptions,
  { signal, withinMs = longestMs }: Limits = {},
): Promise<string> {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, withinMs);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  try {
    const { response = '' } = await transport.sendMail({ ...message, signal: limit.signal });
    return response;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
