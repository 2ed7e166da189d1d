import type { Name } from '../../seeds/world.ts';
import { addressOfLink, type Link } from '../../src/links/links.ts';
import type { Site } from './site.ts';

/** What was written to somebody: the link is the path that the mail would bring. */
export type Written = { kind: string; address: string; data: Record<string, string>; state: string; link: string | null };

/** From here on there is a mail server as far as the pages know. */
export const turnMailOn = (site: Site) => site.db('settings').update({ outgoingMail: true });

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
