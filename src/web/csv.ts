import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** Answers with a CSV file as its pieces come. What fails before the first piece still gets a page that says so. */
export async function sendCsv(res: Response, filename: string, pieces: AsyncGenerator<string>): Promise<void> {
  const first = await pieces.next();
  res.attachment(filename).type('text/csv');
  res.write(first.value ?? '');
  await pipeline(Readable.from(pieces), res).catch((error) => {
    if (!res.destroyed || !/PREMATURE_CLOSE|ABORT/.test(error.code)) throw error; // Else the reader has left: nobody's mistake.
  });
}
