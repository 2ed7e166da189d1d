import { system } from '../src/access/actor.ts';
import type { Db } from '../src/ground/database.ts';
import { invite } from '../src/invitations/invite.ts';
import { readLines } from '../src/invitations/lines.ts';

const list = `Zoë Ivanova <zoe@invited.example>
Max Weber <max@invited.example>, monitor
fleet@invited.example, group
desk@invited.example, standard`;

/** A few invitations of Olga's: two open, one whose link has expired, one that was taken back. */
export async function inviteSome(db: Db): Promise<void> {
  const terms = { expiresAt: null, linkDays: 7, note: 'You get your own view of the trackers that we share.' };
  await invite(db, system('seed'), { lines: readLines(list, 'customer'), terms });
  const { id: invitedBy } = await db('users').where({ username: 'olga' }).first('id');
  await db('invitations').update({ invitedBy });
  const ago = (days: number) => db.raw('now() - make_interval(days => ?)', [days]);
  const fleet = db('invitations').where({ email: 'fleet@invited.example' });
  const [{ id }] = await fleet.update({ invitedAt: ago(9), sentAt: ago(9), linkExpiresAt: ago(2) }).returning('id');
  await db('links')
    .where({ invitationId: id })
    .update({ issuedAt: ago(9), expiresAt: ago(2) });
  const [desk] = await db('invitations')
    .where({ email: 'desk@invited.example' })
    .update({ revokedAt: db.raw('now()') })
    .returning('id');
  await db('links')
    .where({ invitationId: desk.id })
    .update({ voidedAt: db.raw('now()') });
}
