import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { changesBetween, record } from '../history/record.ts';
import { holdUser } from '../users/user.ts';
import type { Theme } from './theme.ts';

/** Every zone that moments can be shown in, the one that they are kept in first. */
export const timeZones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')] as [string, ...string[]];

export type Preferences = { timeZone: string; theme: Theme };

/** Keeps how the actor wants to see the console, in whatever browser; what is so already is not recorded again. */
export async function savePreferences(db: Db, actor: Actor, preferences: Preferences): Promise<void> {
  assertCan(actor, 'change own preferences');
  await db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const changes = changesBetween(user, preferences);
    if (Object.keys(changes).length === 0) return;
    await trx('users').where({ id: user.id }).update(preferences);
    await record(trx, actor, 'account.preferences-set', user, { changes });
  });
}
