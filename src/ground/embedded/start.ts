import type pg from 'pg';
import { createCluster, readPasswords } from './cluster.ts';
import { explain } from './failure.ts';
import { joinServer } from './join.ts';
import { launch } from './launch.ts';
import { keep, leave } from './lease.ts';
import { findPlace } from './place.ts';
import { prepareDatabase, servingRole } from './prepare.ts';
import { findPrograms } from './programs.ts';

export type Embedded = {
  /** The owning role: migrations, purge, job queue. */
  owner: pg.ClientConfig;
  /** The serving role: logs in, owns nothing. */
  serving: pg.ClientConfig;
  /** Gives back our share in the server; the last one out stops it. Close your own pools first. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = { folder: string; database?: string; settings?: Record<string, string> };

/**
 * Joins the Postgres in `folder`, or starts it there, made anew when there is none. `settings` count only for the process that
 * starts the server. Throws CannotStart with a line for the person at the terminal.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await start(options);
  } catch (error) {
    throw explain(error, options.folder);
  }
}

async function start({ folder, database = 'roster', settings = {} }: EmbeddedOptions): Promise<Embedded> {
  const place = findPlace(folder);
  const programs = findPrograms(place);
  await createCluster(place, programs, settings.fsync !== 'off');
  const passwords = readPasswords(place);
  const lease = await joinServer(place, passwords.owner, () => launch(place, programs, settings));
  try {
    await prepareDatabase(lease, database, passwords.serving);
  } catch (error) {
    await leave(lease);
    throw error;
  }
  keep(lease);
  const address = { host: lease.connection.host, port: lease.connection.port, database };
  let leaving: Promise<void> | undefined;
  return {
    owner: { ...address, user: 'roster', password: passwords.owner },
    serving: { ...address, user: servingRole, password: passwords.serving },
    stop() {
      leaving ??= leave(lease);
      return leaving;
    },
  };
}
