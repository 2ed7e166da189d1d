import fs from 'node:fs';

/** The embedded database cannot start; the message is one line for the person at the terminal. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

const wayOut = 'or set DATABASE_URL to a Postgres of your own';

/** Turns what the system says while the database starts into a sentence; what is no such error stays as it is. */
export function explain(error: unknown, folder: string): unknown {
  if (error instanceof CannotStart || !(error instanceof Error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CannotStart(`No space is left for the embedded database in ${folder}: make room, ${wayOut}.`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR')
    return new CannotStart(
      `The embedded database may not use ${folder} (${message}): set DATA_DIR to a folder that this user may write, ${wayOut}.`,
      { cause: error },
    );
  return error;
}

/** Why a program of the package did not run. A file that is there and "not found" lacks its loader: glibc, on musl. */
export function explainProgram(error: NodeJS.ErrnoException & { stderr?: string }, program: string): CannotStart {
  if (error.code === 'ENOENT' && fs.existsSync(program))
    return new CannotStart(`There is no embedded database for this system's C library (musl, as on Alpine): set DATABASE_URL.`);
  if (/no space left|wrote only/i.test(error.stderr ?? ''))
    return new CannotStart(`No space is left for the embedded database: make room, ${wayOut}.`, { cause: error });
  const said = (error.stderr ?? '').split('\n').find((line) => /error|fatal/i.test(line));
  return new CannotStart(`The embedded database could not run ${program}: ${said?.trim() || error.message}.`, { cause: error });
}
