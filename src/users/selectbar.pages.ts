import type { Request } from 'express';
import type { Actor } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure } from '../web/figures.ts';
import { addressOf, type View } from './address.ts';

/** A button of the bar: an act upon everybody who is ticked. */
export type Choice = { act: string; button: string; icon: string; isDangerous?: true };

/** What is ticked of the rows that are shown, how many are on other pages, and what can be done with all of them. */
export type Selecting = { id: number | null; ticked: ReadonlySet<number>; elsewhere: number; choices: Choice[] };

type Asked = { selection: number | null; shown: number[]; upon: 'live' | 'deleted' };

/** Acts upon many users stand in a room below this one, which hands its offer in. */
export type OfferSelection = (db: Db, by: Actor, asked: Asked) => Promise<Selecting>;

/** `all` names everybody on all pages of the list, `total` says how many; null for more than were counted. */
type Shown = { view: View; path: '/users' | '/users/deleted'; list: Rows; all: string; total: number | null };
type Rows = { lines: { id: number }[]; hasNext: boolean; hasPrevious: boolean };

/** The bar under the rows of a list, with all that its form sends along. */
export async function selectbarOf(req: Request, offer: OfferSelection, { view, path, list, all, total }: Shown) {
  const shown = list.lines.map(({ id }) => id);
  const upon = path === '/users' ? 'live' : 'deleted';
  const selecting = await offer(dbOf(req), actorOf(req), { selection: view.selection, shown, upon });
  const closed = { ...view, open: '' };
  return {
    ...selecting,
    shown: shown.join(' '),
    allText: list.hasNext || list.hasPrevious ? `All ${total === null ? '' : `${figure(total)} `}${all}` : null,
    from: addressOf(closed, {}, path),
    clearHref: addressOf(closed, { selection: null }, path),
  };
}
