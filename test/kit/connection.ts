import type { Name } from '../../seeds/world.ts';
import type { Site } from './site.ts';
import type { Page, Visitor } from './visitor.ts';

/** Connects to somebody as the form does; ends on the user's start page. */
export async function connectTo(visitor: Visitor, name: Name, values: Record<string, string> = {}): Promise<Page> {
  await visitor.get(`/users/${name}/connect`);
  return visitor.submit(`/users/${name}/connect`, { reason: 'A call', ...values });
}

/** The newest connection there is. */
export const lastConnection = ({ db }: Pick<Site, 'db'>) => db('connections').orderBy('id', 'desc').first();

/** From now on the time of every open connection is over. */
export const letTimeEnd = ({ db }: Pick<Site, 'db'>) => db('connections').update({ endsAt: new Date(Date.now() - 1000) });
