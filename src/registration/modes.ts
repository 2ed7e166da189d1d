import type { Db } from '../ground/database.ts';
import { Forbidden } from '../ground/errors.ts';
import { readSettings, type Settings } from '../settings/settings.ts';

/** Throws Forbidden unless registration is in this mode. */
export async function assertMode(db: Db, mode: Settings['registration']): Promise<void> {
  const { registration } = await readSettings(db);
  if (registration !== mode) throw new Forbidden('Registration is closed. Ask an administrator for an account.');
}
