import { Invalid } from '../ground/errors.ts';
import { cut } from '../ground/short.ts';
import type { Upload } from '../web/multipart.ts';
import type { Source } from './take.ts';

const pieceBytes = 65_536;

/** What the form brings: a file, or pasted rows; of both the file. Throws Invalid when it is neither. */
export function sourceOf({ upload, body }: { upload?: Upload; body?: Record<string, unknown> }): Source {
  if (upload?.filename) return { filename: plainName(upload.filename), bytes: upload.bytes };
  const text = body?.text;
  if (typeof text !== 'string' || text.trim() === '') throw new Invalid({ file: 'Paste rows, or choose a file.' });
  return { filename: 'Pasted rows', bytes: pieces(Buffer.from(text)) };
}

const plainName = (filename: string) => cut(filename.replace(/\p{C}/gu, '').trim(), 200) || 'File without a name';

/** As a file would come: one large piece would be read without a breath. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
