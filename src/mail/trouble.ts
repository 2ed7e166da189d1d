import type { NodemailerError } from 'nodemailer';

/**
 * Why a letter did not leave. *refused*: the server will not have it, ever. *later*: the server says so, of this letter. *lost*: the
 * connection broke, and nobody knows whose fault it was. *down*: the server cannot be reached or does not let us in; no letter is
 * to blame for that. *ours*: it never came to the server.
 */
export type Trouble = { kind: 'refused' | 'later' | 'lost' | 'down' | 'ours'; words: string };

/** Replies by which a server says that it does not know us, or is closing: no letter is to blame. */
const aboutUs = [421, 530, 534, 535, 538, 454];

/** Codes of nodemailer and of the network for what happens before a letter is on its way. */
const beforeLetters = ['EAUTH', 'ENOAUTH', 'EOAUTH2', 'EDNS', 'ETLS', 'EREQUIRETLS', 'ECONFIG', 'EPROXY', 'EPROTOCOL'];
const unreachable =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EACCES|EPROTO|ERR_TLS\w+|ERR_SSL\w+|\w*_CERT\w*|CERT_\w+)\b/;

/** What an error of sending means. */
export function troubleOf(error: unknown): Trouble {
  const {
    code = '',
    originalCode = '',
    responseCode,
    command = '',
    timeoutType = '',
    message,
    response,
  } = error as NodemailerError;
  const words = plainWords(response ?? message);
  if (beforeLetters.includes(code) || aboutUs.includes(responseCode ?? 0)) return { kind: 'down', words };
  if (unreachable.test(`${code} ${originalCode} ${message}`) || /^(CONNECT|GREETING|UPGRADE)/.test(timeoutType))
    return { kind: 'down', words };
  // A server that will not have our own address refuses every letter: the setting is to be mended, no letter is.
  if (responseCode && command === 'MAIL FROM') return { kind: 'down', words };
  if (responseCode) return { kind: responseCode >= 500 && responseCode !== 503 ? 'refused' : 'later', words };
  if (code === 'EENVELOPE') return { kind: 'refused', words };
  return { kind: ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EABORT'].includes(code) ? 'lost' : 'ours', words };
}

const longest = 300;

/** What a server said, as a page may show it: one line, no control characters. */
export const plainWords = (text: string): string =>
  text
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, longest);
