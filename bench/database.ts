import pg from 'pg';

/** Connections to the database itself, `size` at most. */
export function openPool(database: pg.PoolConfig, size = 10): pg.Pool {
  const pool = new pg.Pool({ ...database, max: size });
  return pool.on('error', () => {}); // The database may stop a moment before a connection that we close has ended.
}

/** Runs statements with their values in one transaction. */
export async function inTransaction(pool: pg.Pool, statements: string[], values: unknown[][]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const [index, sql] of statements.entries()) await client.query(sql, values[index]);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true); // Its transaction is still open: nobody shall get it.
    throw error;
  }
}
