import type { Db } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';
import type { Letter } from './queue.ts';

/** A letter by its number. Throws NotFound. */
export async function findLetter(db: Db, id: number | null): Promise<Letter> {
  const letter: Letter | undefined = id === null ? undefined : await db('letters').where({ id }).first();
  if (!letter) throw new NotFound('There is no such letter. Letters are erased after half a year.');
  return letter;
}
