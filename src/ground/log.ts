import { type Logger, pino } from 'pino';

export type Log = Logger;

/** One JSON line per event on standard output; what could hold a secret is never handed to it, and censored if it is. */
export const openLog = (level: string): Log =>
  pino({
    level,
    redact: { paths: ['*.password', '*.password_hash', 'req.headers.cookie', 'req.headers.authorization'], censor: '…' },
  });
