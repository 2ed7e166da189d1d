import type { Actor } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { oneOf } from '../ground/fields.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeField = oneOf(themes, 'system, light or dark.');

/** Remembers the choice of light and dark with the account, so that it follows to other browsers. */
export async function chooseTheme(db: Db, actor: Actor, theme: Theme): Promise<void> {
  await db('users').where({ id: actor.id }).update({ theme });
}
