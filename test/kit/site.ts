import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Name, peopleWorld } from '../../seeds/world.ts';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/ground/config.ts';
import { type Db, openDatabase } from '../../src/ground/database.ts';
import { randomToken } from '../../src/ground/secrets.ts';
import { startSession } from '../../src/sessions/sessions.ts';
import type { Context } from '../../src/web/context.ts';
import { makeDatabase, openStory } from './database.ts';
import { type Mode, Visitor } from './visitor.ts';

export const testSecret = 'only-for-tests-0123456789-abcdefghij';

/** The application on a free port over one story's transaction, with the named world in it. */
export type Site = {
  db: Db;
  address: string;
  ids: Record<Name, number>;
  context: Context;
  /** Somebody before a browser: signed in when named. */
  visitor(name?: Name | null, mode?: Mode): Promise<Visitor>;
  close(): Promise<void>;
};

export async function openSite(env: Record<string, string> = {}): Promise<Site> {
  const story = await openStory();
  const ids = await peopleWorld(story.trx);
  const site = await serve({ db: story.trx, owner: story.trx }, env);
  return {
    ...site,
    ids,
    visitor: async (name = null, mode = 'plain') =>
      new Visitor(site.address, name && (await signedIn(story.trx, ids[name])), mode),
    close: async () => {
      await site.close();
      await story.close();
      if (site.failures.length > 0) throw new Error(`The server failed:\n${site.failures.join('\n')}`);
    },
  };
}

/**
 * Opens a site of its own before each story of a `describe`, with these people before it, and closes it after: always the same
 * objects, so that the stories can take them at once.
 */
export function siteForEach<Who extends Name = never>(...names: Who[]): { site: Site } & Record<Who, Visitor> {
  const site = {} as Site;
  const people = Object.fromEntries(names.map((name) => [name, Object.create(Visitor.prototype)])) as Record<Who, Visitor>;
  beforeEach(async () => {
    Object.assign(site, await openSite());
    for (const name of names) {
      delete (people[name] as Partial<Visitor>).page;
      Object.assign(people[name], await site.visitor(name));
    }
  });
  afterEach(() => site.close());
  return { site, ...people };
}

/** Serves a database; whatever the log calls an error is kept, so that a story cannot pass over a 500. */
export async function serve({ db, owner }: { db: Db; owner: Db }, env: Record<string, string> = {}) {
  const failures: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) });
  const config = readConfig({ NODE_ENV: 'test', PORT: '0', ...env });
  const context: Context = { config, db, owner, log, secrets: [testSecret] };
  const server = createServer(createApp(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { db, context, address, failures, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A session as signing in makes it, without the slow password: its id. */
export async function signedIn(db: Db, userId: number): Promise<string> {
  const sid = randomToken();
  await db.transaction((trx) =>
    startSession(trx, { sid, userId, address: '127.0.0.1', agent: 'Mozilla/5.0 (X11; Linux) Firefox/140.0' }),
  );
  return sid;
}

/** The application over a committed database of its own, with both roles as in production: for what a transaction cannot show. */
export type OwnSite = Awaited<ReturnType<typeof serve>> & {
  owner: Db;
  ids: Record<Name, number>;
  visitor(name?: Name | null): Promise<Visitor>;
};

export async function openOwnSite(): Promise<OwnSite> {
  const database = await makeDatabase();
  const [db, owner] = [openDatabase(database.serving), openDatabase(database.owner)];
  const ids = await peopleWorld(db);
  const site = await serve({ db, owner });
  return {
    ...site,
    owner,
    ids,
    visitor: async (name = null) => new Visitor(site.address, name && (await signedIn(db, ids[name])), 'plain'),
    close: async () => {
      await site.close();
      await Promise.all([db.destroy(), owner.destroy()]);
      await database.drop();
      if (site.failures.length > 0) throw new Error(`The server failed:\n${site.failures.join('\n')}`);
    },
  };
}

/** Every row that any table holds, with where it stands. */
export async function everythingIn(db: Db): Promise<string[]> {
  const { rows: tables } = await db.raw(`select tablename from pg_tables where schemaname = 'public'`);
  const found: string[] = [];
  for (const { tablename } of tables) {
    const { rows } = await db.raw('select t::text as line from ?? t', [tablename]);
    found.push(...rows.map(({ line }: { line: string }) => `${tablename}: ${line}`));
  }
  return found;
}
