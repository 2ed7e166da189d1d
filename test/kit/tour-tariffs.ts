import type { Db } from '../../src/ground/database.ts';
import { actorFor } from './actor.ts';
import { giveBalance } from './money.ts';
import { giveTariff, pay } from './tariffs.ts';
import { press, type View } from './tour-steps.ts';

/** Tariffs in each state, in the eyes of who defines them, of who pays them and of who looks for whose balance ends soon. */
export async function tariffViews(db: Db): Promise<View[]> {
  await giveBalance(db, 'uma', 2000);
  const fleet = await giveTariff(db, { description: 'For lorries,\nand their trailers', mostThings: 100 });
  await giveTariff(db, { name: 'Home', forType: 'individual' });
  const dear = await giveTariff(db, { name: 'Dear', priceMinor: 900_000 });
  await giveTariff(db, { name: 'Off', isActive: false });
  for (const renews of [true, true]) await pay(db, await actorFor(db, 'uma'), fleet, { renews });
  return [
    { path: `/tariffs/${fleet.id}` },
    { path: `/tariffs/${fleet.id}/edit`, press: (at) => refused(at) },
    { path: '/tariffs/new', press: (at) => press(at, '.formfoot .primary', '.problems') },
    { path: `/tariffs/${fleet.id}/switch-off` },
    { path: '/users?lasts=<90d&q=lasts:soon' },
    { path: '/users/uma/balance' },
    { path: '/my/tariffs', name: 'uma' },
    { path: '/my/tariffs', name: 'uma', press: (at) => press(at, `#pay-${fleet.id}`, 'dialog[open] form'), narrow: false },
    { path: `/my/tariffs/${fleet.id}/pay`, name: 'uma' },
    { path: `/my/tariffs/${dear.id}/pay`, name: 'uma' },
    { path: '/my/payments', name: 'uma' },
  ];
}

/** A price that is none. */
async function refused(page: Parameters<NonNullable<View['press']>>[0]): Promise<void> {
  await page.locator('#field-price').fill('a lot');
  await press(page, '.formfoot .primary', '.problems');
}
