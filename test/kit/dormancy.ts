import type { Name } from '../../seeds/world.ts';
import { belongings } from '../../src/belongings.ts';
import { endUnusedAccounts } from '../../src/dormancy/dormancy.ts';
import { actsUpon } from './history.ts';
import { lettersTo, turnMailOn } from './letters.ts';
import { openSite, type Site } from './site.ts';

/** A site with the rule for dormant accounts at hand, where everybody has been about lately and time can go by. */
export type Dormancy = Awaited<ReturnType<typeof openDormancy>>;

export async function openDormancy() {
  const site = await openSite();
  await turnMailOn(site);
  await site.db('users').update({ lastSignInAt: ago(site, 1) });
  const users = (name: Name) => site.db('users').where({ username: name });
  return {
    site,
    ago: (days: number) => ago(site, days),
    rule: (warn: number, deactivate: number, remove = 0) =>
      site.db('settings').update({ dormantWarnDays: warn, dormantDeactivateDays: deactivate, dormantDeleteDays: remove }),
    run: () => endUnusedAccounts(site.db, belongings),
    row: (name: Name) => users(name).first(),
    change: (name: Name, values: object) => users(name).update(values),
    signedInAgo: (name: Name, days: number) => users(name).update({ lastSignInAt: ago(site, days) }),
    daysLater: (days: number) => daysLater(site, days),
    acts: async (name: Name) => (await actsUpon(site, site.ids[name])).map(({ act, actor }) => `${actor} ${act}`),
    kinds: async (name: Name) => (await lettersTo(site, name)).map(({ kind }) => kind),
    marked: (): Promise<string[]> => site.db('users').whereNotNull('dormantAt').orderBy('username').pluck('username'),
  };
}

const ago = (site: Site, days: number) => site.db.raw('now() - make_interval(days => ?)', [days]);

/** As if so many days had gone by: all that was noted lies further back. */
async function daysLater(site: Site, days: number): Promise<void> {
  const moments = ['last_sign_in_at', 'registered_at', 'active_since', 'dormant_at', 'dormant_due_at', 'deleted_at'];
  const back = (column: string) => site.db.raw('?? - make_interval(days => ?)', [column, days]);
  await site.db.raw('alter table users disable trigger notice_use');
  await site.db('users').update(Object.fromEntries(moments.map((column) => [column, back(column)])));
  await site.db.raw('alter table users enable trigger notice_use');
}

/** In how many days a moment is, rounded. */
export const inDays = (at: Date | null) => Math.round(((at?.getTime() ?? 0) - Date.now()) / 86_400_000);
