import type { Profile } from '../access/profiles.ts';
import type { Db, Trx } from '../ground/database.ts';
import { NotFound } from '../ground/errors.ts';

/** A row of `invitations`, with the database clock's word on what has expired. */
export type Invitation = {
  id: number;
  /** The number that the account will have, and under which the history knows who is invited. */
  userId: number;
  email: string;
  /** As it stood before the address in a list; '' when it stood alone. */
  name: string;
  profile: Profile;
  /** When the account shall end. */
  expiresAt: Date | null;
  note: string;
  linkDays: number;
  linkExpiresAt: Date;
  invitedBy: number | null;
  invitedAt: Date;
  sentAt: Date;
  timesSent: number;
  acceptedAt: Date | null;
  revokedAt: Date | null;
  isLinkExpired: boolean;
  /** True when the account would have ended before it began. */
  isAccountOver: boolean;
  /** True within a minute of the last resending. */
  isResentNow: boolean;
  /** True while the fifth resending before the next is less than an hour ago. */
  isResentOften: boolean;
};

export const states = ['open', 'expired', 'accepted', 'revoked'] as const;
export type InvitationState = (typeof states)[number];

/** What has become of an invitation. */
export function stateOf({ acceptedAt, revokedAt, isLinkExpired }: Invitation): InvitationState {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return isLinkExpired ? 'expired' : 'open';
}

/** Resendings of one invitation that an hour takes. */
export const mostInAnHour = 5;

export const invitationColumns = (db: Db) => [
  'invitations.*',
  db.raw('invitations.link_expires_at <= now() as is_link_expired'),
  db.raw('coalesce(invitations.expires_at <= now(), false) as is_account_over'),
  db.raw(`coalesce(resent_at[cardinality(resent_at)] > now() - interval '1 minute', false) as is_resent_now`),
  db.raw(`coalesce(resent_at[cardinality(resent_at) - ?] > now() - interval '1 hour', false) as is_resent_often`, [
    mostInAnHour - 1,
  ]),
];

/** The invitation of this number. Throws NotFound. */
export async function findInvitation(db: Db, id: number | null): Promise<Invitation> {
  const found = id && (await db('invitations').where({ id }).first(invitationColumns(db)));
  return found || unknownInvitation();
}

/** The invitation, locked until the transaction ends. Throws NotFound. */
export async function holdInvitation(trx: Trx, id: number): Promise<Invitation> {
  const [held] = await holdInvitations(trx, [id]);
  return held ?? unknownInvitation();
}

/** The invitations of these numbers, locked in their order. */
export const holdInvitations = (trx: Trx, ids: number[]): Promise<Invitation[]> =>
  trx('invitations').whereRaw('id = any(?)', [ids]).orderBy('id').forUpdate().select(invitationColumns(trx));

/** Who is invited, as the history has it. */
export const invited = ({ userId, email }: Pick<Invitation, 'userId' | 'email'>) => ({ id: userId, username: email });

export function unknownInvitation(): never {
  throw new NotFound('There is no such invitation.');
}
