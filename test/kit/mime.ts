/** A mail as whoever gets it reads it. `links` are the addresses of its HTML, in their order, each once. */
export type Mail = {
  from: string;
  to: string[];
  headers: Record<string, string>;
  subject: string;
  messageId: string;
  text: string;
  html: string;
  links: string[];
  /** As it came over the wire. */
  raw: string;
};

type Part = { headers: Record<string, string>; body: string };

/** Reads a mail; `envelope` is what the server was told. */
export function readMail(raw: string, envelope: { from: string; to: string[] }): Mail {
  const whole = partOf(raw);
  const parts = partsOf(whole);
  const textOf = (type: string) => parts.filter(({ headers }) => headers['content-type']?.startsWith(type)).map(decoded)[0] ?? '';
  const html = textOf('text/html');
  const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => (href as string).replaceAll('&amp;', '&'));
  return {
    ...envelope,
    headers: whole.headers,
    subject: decodedWords(whole.headers.subject ?? ''),
    messageId: whole.headers['message-id'] ?? '',
    text: textOf('text/plain'),
    html,
    links: [...new Set(links)],
    raw,
  };
}

function partOf(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => /^([^:]+):\s*(.*)$/s.exec(line)).flatMap((match) => (match ? [match] : []));
  return {
    headers: Object.fromEntries(headers.map(([, name, value]) => [name?.toLowerCase(), value])),
    body: raw.slice(end + 4),
  };
}

function partsOf(part: Part): Part[] {
  const boundary = /^multipart\/.*boundary="?([^";]+)"?/s.exec(part.headers['content-type'] ?? '')?.[1];
  if (!boundary) return [part];
  const pieces = part.body.split(`--${boundary}`).slice(1, -1);
  return pieces.flatMap((piece) => partsOf(partOf(piece.replace(/^\r\n/, ''))));
}

function decoded({ headers, body }: Part): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  if (encoding === 'base64') return lines(Buffer.from(body, 'base64').toString('utf8'));
  return lines(encoding === 'quoted-printable' ? unquoted(body.replaceAll('=\r\n', '')) : body);
}

const lines = (text: string) => text.replaceAll('\r\n', '\n').trim();

function unquoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** =?UTF-8?Q?…?= in headers. */
const decodedWords = (text: string) =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, word) =>
      kind.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString('utf8') : unquoted(word.replaceAll('_', ' ')),
    );
