import { readHistory } from '../../src/history/timeline.ts';
import type { GroupName } from '../../src/settings/groups.ts';
import type { Site } from './site.ts';
import type { Page, Visitor } from './visitor.ts';

/** A part of the Settings page. */
export const groupOf = (page: Page, group: GroupName) => page.document.querySelector(`section#${group}`);

/** Sends the form of one part of the page that is open, with these values in place of what stands in it. */
export const save = (visitor: Visitor, group: GroupName, values: Record<string, string>): Promise<Page> =>
  visitor.submit(`/settings#${group}`, values);

export const isOn = (page: Page, name: string) => page.document.querySelector(`[name=${name}]`)?.hasAttribute('checked');

/** The newest act upon the settings in the history. */
export async function lastChange(site: Pick<Site, 'db'>) {
  const [last] = (await readHistory(site.db, {}, { limit: 20 })).filter(({ act }) => act.startsWith('settings.'));
  return last;
}
