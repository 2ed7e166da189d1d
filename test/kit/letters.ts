import type { Name } from '../../seeds/world.ts';
import { addressOfLink, issueLink, type Link, type Purpose } from '../../src/links/links.ts';
import { enqueueLetter, type NewLetter } from '../../src/mail/letters.ts';
import type { Letter } from '../../src/mail/queue.ts';
import type { Site } from './site.ts';

/** What was written to somebody: the link is the path that the mail would bring. */
export type Written = { kind: string; address: string; data: Record<string, string>; state: string; link: string | null };

/** From here on there is a mail server as far as the pages know. */
export const turnMailOn = (site: Pick<Site, 'db'>) => site.db('settings').update({ outgoingMail: true });

/** The letters to one of the world, or to an address, the oldest first. */
export async function lettersTo(site: Site, to: Name | (string & {})): Promise<Written[]> {
  const address = to.includes('@') ? to : `${to}@world.example`;
  const letters = await site.db('letters').where({ address }).orderBy('id');
  const written: Written[] = [];
  for (const { kind, data, state, linkId } of letters) {
    const link: Link | undefined = linkId && (await site.db('links').where({ id: linkId }).first());
    written.push({ kind, address, data, state, link: link ? pathOf(site, link) : null });
  }
  return written;
}

const pathOf = ({ context }: Site, link: Link) => new URL(addressOfLink(context, link)).pathname;

type Somebody = Pick<Site, 'db' | 'ids'>;

/** Writes a letter to one of the world, as an act does; its number. */
export async function write(site: Somebody, to: Name, letter: Partial<NewLetter> = {}): Promise<number> {
  const user = { id: site.ids[to], email: `${to}@world.example` };
  const [id] = await site.db.transaction((trx) => enqueueLetter(trx, { kind: 'password-changed', user, ...letter }));
  if (!id) throw new Error(`No letter to ${to} was written.`);
  return id;
}

/** Issues a link to one of the world. */
export const giveLink = (site: Somebody, to: Name, purpose: Purpose): Promise<Link> =>
  site.db.transaction((trx) => issueLink(trx, purpose, { userId: site.ids[to], email: `${to}@world.example` }));

export const letterNumbered = (site: Pick<Site, 'db'>, id: number): Promise<Letter & { leaseUntil: Date | null }> =>
  site.db('letters').where({ id }).first();

/** Gives a letter other values: another state, other words. */
export const setLetter = (site: Pick<Site, 'db'>, id: number, values: object) => site.db('letters').where({ id }).update(values);
