import { gzipSync } from 'node:zlib';
import compression from 'compression';
import type { Request, Response } from 'express';

/** At 2 a page is a tenth larger than at 6, which is the usual, and takes a third of the time. */
export const compressionLevel = 2;
/** Shorter ones fit into a packet as they are. */
const leastLetters = 1000;

/** Compresses whatever is not a page: files from memory, exports as they come. */
export const compressed = () => compression({ level: compressionLevel });

/**
 * Answers with a whole page. Compressed in one go, it is written at once and its length is known; a stream hands every piece to
 * another thread and back, which costs several times the compressing.
 */
export function sendPage(req: Request, res: Response, html: string): void {
  res.vary('Accept-Encoding').type('html');
  if (html.length < leastLetters || !req.acceptsEncodings('gzip')) return void res.send(html);
  res.setHeader('Content-Encoding', 'gzip');
  res.send(gzipSync(html, { level: compressionLevel }));
}
