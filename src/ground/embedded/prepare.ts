import pg from 'pg';
import type { Lease } from './lease.ts';

const preparationKey = 4712;

export const servingRole = 'roster_web';

/** Makes the serving role and the database when they are absent. Processes that start at once take turns. */
export async function prepareDatabase(lease: Lease, database: string, servingPassword: string): Promise<void> {
  const { client } = lease;
  await client.query('select pg_advisory_lock($1)', [preparationKey]);
  try {
    const name = client.escapeIdentifier(database);
    if (!(await exists(client, 'select from pg_roles where rolname = $1', servingRole)))
      await client.query(`create role ${servingRole} login password ${client.escapeLiteral(servingPassword)}`);
    if (!(await exists(client, 'select from pg_database where datname = $1', database)))
      await client.query(`create database ${name}`);
    await client.query(`grant connect on database ${name} to ${servingRole}`);
    await allowSchema({ ...lease.connection, database });
  } finally {
    await client.query('select pg_advisory_unlock($1)', [preparationKey]);
  }
}

async function exists(client: pg.Client, query: string, name: string): Promise<boolean> {
  return (await client.query(query, [name])).rowCount === 1;
}

async function allowSchema(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query(`grant usage on schema public to ${servingRole}`);
  } finally {
    await client.end();
  }
}
