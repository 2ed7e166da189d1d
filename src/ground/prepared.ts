import type { Db } from './database.ts';
import { digest } from './secrets.ts';

/** A statement under a name of its own, which no other text has, not even one of another version of Roster. */
export type Prepared = { sql: string; name: string };

export const prepared = (sql: string): Prepared => ({ sql, name: digest(sql).toString('base64url') });

/**
 * The rows of a statement that each connection plans once: for what every request asks, and takes longer to plan than to run.
 * A pooler may bring it to a connection that has never heard of it; from then on it is planned each time, as all others are.
 * Outside of transactions: one of those would be over by then.
 */
export async function askPrepared(db: Db, { sql, name }: Prepared, bindings: readonly unknown[]) {
  const ask = () => db.raw(sql, bindings as never);
  if (db.userParams.plansAnew) return (await ask()).rows;
  try {
    return (await ask().options({ name })).rows;
  } catch (error) {
    if (!isUnknown(error)) throw error;
    db.userParams.plansAnew = true;
    return (await ask()).rows;
  }
}

/** No statement of that name there, one already, or one that was planned for other columns. None has done anything. */
const isUnknown = (error: unknown) => ['26000', '42P05', '0A000'].includes((error as { code?: string }).code ?? '');
