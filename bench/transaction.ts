import type pg from 'pg';

/** Runs statements with their values in one transaction. */
export async function inTransaction(pool: pg.Pool, statements: string[], values: unknown[][]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [index, sql] of statements.entries()) await client.query(sql, values[index]);
    await client.query('commit');
  } finally {
    client.release();
  }
}
