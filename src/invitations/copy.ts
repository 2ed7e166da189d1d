import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { addressOfLink, type Base, type Link } from '../links/links.ts';
import { holdInvitation, type Invitation, invited, stateOf } from './invitation.ts';

/**
 * The address of the link that an invitation has now, for an administrator to hand over; each time is recorded. Throws Refused
 * when it is not open, or makes an administrator and there is no proof of identity: whoever holds the link can use it.
 */
export async function copyLink(db: Db, by: Doer, base: Base, id: number): Promise<{ invitation: Invitation; address: string }> {
  return db.transaction(async (trx) => {
    const invitation = await holdInvitation(trx, id);
    assertCopyable(by, invitation);
    if (needsProof(invitation)) assertConfirmed(by);
    const link: Link = await trx('links').where({ invitationId: id }).first();
    await record(trx, by, 'invitation.link-copied', invited(invitation));
    return { invitation, address: addressOfLink(base, link) };
  });
}

/** Throws Refused when there is no link that works. */
export function assertCopyable(by: Doer, invitation: Invitation): void {
  assertCan(by, 'copy invitation link');
  const state = stateOf(invitation);
  if (state === 'expired') throw new Refused('The link has expired. Send the invitation again, then copy the new one.');
  if (state !== 'open') throw new Refused(`The invitation of ${invitation.email} was ${state}: its link opens nothing.`);
}

export const needsProof = ({ profile }: Invitation) => profile === 'administrator';
