import type { Db } from '../ground/database.ts';
import { type Page, readPage } from '../ground/keyset.ts';
import { patternOf } from '../ground/search.ts';
import type { View } from './address.ts';
import { type Companion, companionsOf } from './companions.ts';
import { type Invitation, invitationColumns, unknownInvitation } from './invitation.ts';
import { orders } from './order.ts';

/** An invitation as the list and its own page show it. */
export type Shown = Invitation & Companion;

type Line = Invitation & { sortKey: string };

/** One page of invitations, read along an index from where the last page ended; what stands beside each is asked for the page alone. */
export async function listInvitations(db: Db, { q, state, sort, ...span }: View): Promise<Page<Line & Companion>> {
  const query = db('invitations');
  if (q) query.whereRaw(`invitations.search like '%' || fold(?) || '%'`, [patternOf(q)]);
  if (state) query.whereRaw(conditions[state]);
  const order = { ...span, order: orders[sort.by], isDescending: sort.isDescending, id: 'invitations.id' };
  const page: Page<Line> = await readPage(db, query, order, invitationColumns(db));
  return { ...page, rows: await together(db, page.rows) };
}

/** One invitation as the pages show it. Throws NotFound. */
export async function findShown(db: Db, id: number | null): Promise<Shown> {
  const found: Invitation[] = id ? await db('invitations').where({ id }).select(invitationColumns(db)) : [];
  const [invitation] = await together(db, found);
  return invitation ?? unknownInvitation();
}

async function together<Row extends Invitation>(db: Db, rows: Row[]): Promise<(Row & Companion)[]> {
  const companions = await companionsOf(db, rows);
  return rows.map((row) => ({ ...row, ...(companions.get(row.id) as Companion) }));
}

/** How many invitations are open. */
export async function countOpen(db: Db): Promise<number> {
  const row = await db('invitations').whereRaw(conditions.open).count({ count: '*' }).first();
  return Number(row?.count);
}

const isPending = 'invitations.accepted_at is null and invitations.revoked_at is null';

/** Those whose present link was in a letter that failed: an older one says nothing. */
const failed = `select links.invitation_id from letters join links on links.id = letters.link_id and links.counter = letters.link_counter
  where letters.state = 'failed' and links.invitation_id is not null`;

const conditions = {
  open: `${isPending} and invitations.link_expires_at > now()`,
  expired: `${isPending} and invitations.link_expires_at <= now()`,
  accepted: 'invitations.accepted_at is not null',
  revoked: 'invitations.revoked_at is not null',
  failed: `${isPending} and invitations.id in (${failed})`,
};
