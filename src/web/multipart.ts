import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request, RequestHandler, Response } from 'express';
import { Invalid } from '../ground/errors.ts';

/** A file on its way in: `filename` is '' when none was chosen. It can be read once, and only while the request lasts. */
export type Upload = { filename: string; bytes: AsyncIterable<Buffer> };

declare global {
  namespace Express {
    interface Request {
      upload?: Upload;
    }
  }
}

const megabyte = 1024 * 1024;
const limits = { fileSize: 50 * megabyte, files: 1, fields: 20, fieldSize: 10 * megabyte, fieldNameSize: 100 };
const tooLarge = 'This file is larger than 50 MB. Split it and upload the parts one after the other.';

/**
 * Reads a multipart form up to its file: the fields before it are in `req.body` when the next handler runs, csurf for one; the
 * file follows as `req.upload`, a stream. Fields after the file are not read. Other kinds of forms pass untouched.
 */
export const multipart: RequestHandler = (req, res, next) => {
  if (!req.is('multipart/form-data')) return next();
  const body: Record<string, string> = Object.create(null);
  let isHandedOn = false;
  const handOn = (error?: unknown) => {
    if (isHandedOn) return;
    isHandedOn = true;
    req.body = body;
    next(error);
  };
  const form = open(req, handOn);
  if (!form) return;
  form.on('field', (name, value, { valueTruncated }) => {
    if (valueTruncated) return handOn(new Invalid({ [name]: 'That is more than 10 MB. Upload it as a file.' }));
    body[name] ??= value;
  });
  form.on('fieldsLimit', () => handOn(new Invalid({ '': 'The form has too many fields.' })));
  form.on('file', (_name, file, { filename }) => {
    file.on('limit', () => file.destroy(new Invalid({ file: tooLarge })));
    file.on('error', () => {}); // Whoever reads it hears of it; when nobody does, it must not end the process.
    req.upload = { filename: filename ?? '', bytes: bytesOf(file) };
    handOn();
  });
  form.on('error', (error) => handOn(badRequest(error)));
  form.on('close', () => handOn());
  feed(req, res, form);
};

function open(req: Request, handOn: (error: unknown) => void): busboy.Busboy | null {
  try {
    return busboy({ headers: req.headers, defParamCharset: 'utf8', limits });
  } catch (error) {
    handOn(badRequest(error));
    return null;
  }
}

/** A broken-off upload ends the form; an answer that comes early lets the rest run into nothing, so that it can be read. */
function feed(req: Request, res: Response, form: busboy.Busboy): void {
  req.once('close', () => {
    if (!req.complete) form.destroy(new Error('The upload was broken off.'));
  });
  res.once('finish', () => {
    req.unpipe(form);
    req.resume();
    form.destroy();
  });
  req.pipe(form);
}

async function* bytesOf(file: Readable & { truncated?: boolean }): AsyncGenerator<Buffer> {
  try {
    for await (const piece of file) yield piece;
  } catch (error) {
    throw badRequest(error);
  }
  if (file.truncated)
    throw new Invalid({ file: 'This file is larger than 50 MB. Split it and upload the parts one after the other.' });
}

const badRequest = (error: unknown) => Object.assign(error as Error, { status: 400 });
