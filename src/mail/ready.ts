import type { Db } from '../ground/database.ts';
import { isBareAddress } from '../ground/fields.ts';
import { undoneAmong } from '../history/timeline.ts';
import { type Found, type LinkState, linkByIdOrNull } from '../links/links.ts';
import { templateOrNull } from './catalogue.ts';
import type { Contents } from './compose.ts';
import { whyUndone } from './letters.ts';
import type { Letter } from './queue.ts';

/** All that stands in a letter as things are now; or, as a text, why it is of no use any more. */
export async function readContents(db: Db, letter: Letter): Promise<Contents | string> {
  const template = templateOrNull(letter.kind);
  if (!template) throw new Error(`This release does not know the letter “${letter.kind}”.`);
  const link = letter.linkId === null ? null : await linkByIdOrNull(db, letter.linkId);
  const overLink = letter.linkCounter === null ? null : whyNotLink(letter, link);
  if (overLink) return overLink;
  if (letter.historyId !== null && (await undoneAmong(db, [letter.historyId])).size > 0) return whyUndone;
  const reader = letter.userId === null ? null : await readReader(db, letter.userId);
  if (reader?.deletedAt && !template.isForDeleted) return 'The account has been deleted.';
  const { data, address, messageId } = letter;
  if (!isBareAddress(address)) return 'This is not one plain address.';
  const shared = letter.textId === null ? {} : await readText(db, letter.textId);
  if (!shared) return 'It has been withdrawn.';
  const { name = '', timeZone = 'UTC' } = reader ?? {};
  return { template, data: { ...data, ...shared }, address, messageId, name, timeZone, link: link?.link ?? null };
}

/** The text that it shares with others; undefined when it was taken back. */
const readText = (db: Db, id: number): Promise<{ title: string; text: string } | undefined> =>
  db('sharedTexts').where({ id, withdrawnAt: null }).first('title', 'text');

const readReader = (db: Db, id: number): Promise<{ name: string; timeZone: string; deletedAt: Date | null } | undefined> =>
  db('users').where({ id }).first('name', 'timeZone', 'deletedAt');

const overWords: Record<Exclude<LinkState, 'open'>, string> = {
  used: 'Its link has been used.',
  expired: 'Its link has expired.',
  void: 'Its link has been taken back.',
};

/** Why the link of a letter does not work, or null; a newer one replaces an older. */
export function whyNotLink({ linkCounter }: Pick<Letter, 'linkCounter'>, found: Found | null): string | null {
  if (found?.link.counter !== linkCounter) return 'A newer link has replaced its link.';
  return found && found.state !== 'open' ? overWords[found.state] : null;
}
