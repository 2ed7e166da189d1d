import type { Knex } from 'knex';
import type { Db } from '../ground/database.ts';
import { type Page, readPage } from '../ground/keyset.ts';
import type { View } from './address.ts';
import { type Invitation, invitationColumns, unknownInvitation } from './invitation.ts';
import { type Obstacle, obstaclesTo } from './obstacles.ts';
import { orders } from './order.ts';

/** An invitation as the list and its own page show it. */
export type Shown = Invitation & {
  inviter: string | null;
  inviterName: string | null;
  /** Who has accepted it; null also when that account is erased. */
  accepter: string | null;
  /** The last letter that brought its link. */
  mailState: 'queued' | 'sent' | 'failed' | 'dropped' | 'unsent' | null;
  serverWords: string | null;
  obstacle: Obstacle | null;
};

type Line = Shown & { sortKey: string };

/** One page of invitations, read along an index from where the last page ended. */
export async function listInvitations(db: Db, { q, state, sort, ...span }: View): Promise<Page<Line>> {
  const query = withPeople(db);
  if (q) query.whereRaw(`invitations.search like '%' || fold(?) || '%'`, [q.normalize('NFKD').replace(/[\\%_]/g, '\\$&')]);
  if (state) query.whereRaw(conditions[state]);
  const order = { ...span, order: orders[sort.by], isDescending: sort.isDescending, id: 'invitations.id' };
  const page: Page<Line> = await readPage(db, query, order, shownColumns(db));
  return { ...page, rows: await withObstacles(db, page.rows) };
}

/** One invitation as the pages show it. Throws NotFound. */
export async function findShown(db: Db, id: number | null): Promise<Shown> {
  const found: Shown[] = id ? await withPeople(db).where('invitations.id', id).select(shownColumns(db)) : [];
  const [invitation] = await withObstacles(db, found);
  return invitation ?? unknownInvitation();
}

/** How many invitations are open. */
export async function countOpen(db: Db): Promise<number> {
  const row = await db('invitations').whereRaw(conditions.open).count({ count: '*' }).first();
  return Number(row?.count);
}

const isPending = 'invitations.accepted_at is null and invitations.revoked_at is null';

/** The last letter of the link as it is now: one that an older link was in says nothing. */
const lastLetter = `select letters.state, letters.server_words from links join letters on letters.link_id = links.id
  where links.invitation_id = invitations.id and letters.link_counter = links.counter order by letters.id desc limit 1`;

const conditions = {
  open: `${isPending} and invitations.link_expires_at > now()`,
  expired: `${isPending} and invitations.link_expires_at <= now()`,
  accepted: 'invitations.accepted_at is not null',
  revoked: 'invitations.revoked_at is not null',
  failed: `${isPending} and letter.state = 'failed'`,
};

const withPeople = (db: Db): Knex.QueryBuilder =>
  db('invitations')
    .joinRaw('left join users inviter on inviter.id = invitations.invited_by')
    .joinRaw('left join users accepter on accepter.id = invitations.user_id and invitations.accepted_at is not null')
    .joinRaw(`left join lateral (${lastLetter}) letter on true`);

const shownColumns = (db: Db) => [
  ...invitationColumns(db),
  db.raw('inviter.username as inviter'),
  db.raw('inviter.name as inviter_name'),
  db.raw('accepter.username as accepter'),
  db.raw('letter.state as mail_state'),
  'letter.serverWords',
];

async function withObstacles<Row extends Shown>(db: Db, rows: Row[]): Promise<Row[]> {
  const pending = rows.filter(({ acceptedAt, revokedAt }) => !acceptedAt && !revokedAt);
  const against = await obstaclesTo(db, pending);
  return rows.map((row) => ({ ...row, obstacle: against.get(row.id) ?? null }));
}
