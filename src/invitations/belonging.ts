import type { Db, Trx } from '../ground/database.ts';
import type { Belonging } from '../users/belongings.ts';
import { idsOf, type User } from '../users/user.ts';
import { eraseInvitations, linksOf } from './erase.ts';

/** What a user has to do with invitations: the one that the account came from, and letters that name the user to others. */
export const invitationBelonging: Belonging = {
  noun: ['accepted invitation', 'accepted invitations'],
  count: async (db, users) => {
    const row = await acceptedBy(db, users).count({ count: '*' }).first();
    return Number(row?.count);
  },
  erase: async (trx, users) => {
    await eraseAnnouncements(trx, users);
    await eraseSignatures(trx, users);
    await eraseInvitations(trx, [...(await acceptedBy(trx, users).pluck('id')), ...(await closedTo(trx, users).pluck('id'))]);
  },
};

const acceptedBy = (db: Db, users: User[]) => db('invitations').whereRaw('user_id = any(?)', [idsOf(users)]);

/** Others to the same address; one that is open is for whoever has the address now. */
const closedTo = (db: Db, users: User[]) =>
  db('invitations')
    .whereRaw('lower(email collate "C") = any(?)', [users.map(({ email }) => email.toLowerCase())])
    .where({ acceptedAt: null })
    .whereRaw('(revoked_at is not null or link_expires_at <= now())');

/** The letters that told whoever invited them of it. */
async function eraseAnnouncements(trx: Trx, users: User[]): Promise<void> {
  const makers = acceptedBy(trx, users).whereNotNull('invitedBy').select('invitedBy');
  await trx('letters')
    .whereIn('userId', makers)
    .where({ kind: 'invitation-accepted' })
    .whereRaw(`data ->> 'username' = any(?)`, [users.map(({ username }) => username)])
    .delete();
}

/** The name under which they invited others, in the letters that did it. */
async function eraseSignatures(trx: Trx, users: User[]): Promise<void> {
  const made = await trx('invitations')
    .whereRaw('invited_by = any(?)', [idsOf(users)])
    .pluck('id');
  await trx('letters')
    .whereIn('linkId', linksOf(trx, made))
    .update({ data: trx.raw(`data - 'inviter'`) });
}
