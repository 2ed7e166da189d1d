import type { Db } from '../ground/database.ts';
import type { Letter } from '../mail/queue.ts';
import type { Invitation } from './invitation.ts';
import { type Obstacle, obstaclesTo } from './obstacles.ts';

/** What stands beside an invitation where it is shown. */
export type Companion = {
  inviter: string | null;
  inviterName: string | null;
  /** Who has accepted it; null also when that account is erased. */
  accepter: string | null;
  /** What became of the last letter that brought the link as it is now. */
  mailState: Letter['state'] | null;
  serverWords: string | null;
  obstacle: Obstacle | null;
};

/** What stands beside each of these invitations, by number, in few statements. */
export async function companionsOf(db: Db, invitations: Invitation[]): Promise<Map<number, Companion>> {
  if (invitations.length === 0) return new Map();
  const people = await peopleOf(db, invitations);
  const letters = await lettersOf(db, invitations);
  const pending = invitations.filter(({ acceptedAt, revokedAt }) => !acceptedAt && !revokedAt);
  const obstacles = await obstaclesTo(db, pending);
  const beside = ({ id, invitedBy, userId, acceptedAt }: Invitation): Companion => ({
    inviter: people.get(invitedBy)?.username ?? null,
    inviterName: people.get(invitedBy)?.name ?? null,
    accepter: acceptedAt ? (people.get(userId)?.username ?? null) : null,
    mailState: letters.get(id)?.state ?? null,
    serverWords: letters.get(id)?.serverWords ?? null,
    obstacle: obstacles.get(id) ?? null,
  });
  return new Map(invitations.map((invitation) => [invitation.id, beside(invitation)]));
}

type Named = { username: string; name: string };

async function peopleOf(db: Db, invitations: Invitation[]): Promise<Map<number | null, Named>> {
  const ids = invitations.flatMap(({ invitedBy, userId, acceptedAt }) => [invitedBy ?? [], acceptedAt ? userId : []].flat());
  const found = await db('users')
    .whereRaw('id = any(?)', [[...new Set(ids)]])
    .select('id', 'username', 'name');
  return new Map(found.map(({ id, ...named }) => [id, named]));
}

async function lettersOf(
  db: Db,
  invitations: Invitation[],
): Promise<Map<number, { state: Letter['state']; serverWords: string }>> {
  const { rows } = await db.raw(
    `select distinct on (links.id) links.invitation_id, letters.state, letters.server_words
     from links join letters on letters.link_id = links.id and letters.link_counter = links.counter
     where links.invitation_id = any(?)
     order by links.id, letters.id desc`,
    [invitations.map(({ id }) => id)],
  );
  return new Map(
    rows.map(({ invitationId, ...letter }: { invitationId: number; state: Letter['state']; serverWords: string }) => [
      invitationId,
      letter,
    ]),
  );
}
