import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { type Db, now, type Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { holdInvitation, type Invitation, invited, stateOf } from './invitation.ts';
import { dropInvitationLetters } from './send.ts';

/** An invitation as it was, and the number of the act in the history, by which it is undone. */
export type Revoked = { invitation: Invitation; historyId: number };

/** Takes an invitation back: its link opens nothing, and its address can be invited anew. Throws Refused when that is too late. */
export async function revokeInvitation(db: Db, by: Doer, id: number): Promise<Revoked> {
  return db.transaction(async (trx) => {
    const invitation = await holdInvitation(trx, id);
    assertRevocable(by, invitation);
    await takeBack(trx, invitation);
    return { invitation, historyId: await record(trx, by, 'invitation.revoked', invited(invitation)) };
  });
}

/** Throws as `revokeInvitation` would: asked before its page is shown, and again when it is done. */
export function assertRevocable(by: Doer, invitation: Invitation): void {
  assertCan(by, 'revoke invitation');
  const state = stateOf(invitation);
  if (state === 'accepted') throw new Refused(`${invitation.email} has accepted the invitation. Deactivate the user instead.`);
  if (state === 'revoked') throw new Refused(`The invitation of ${invitation.email} was revoked already.`);
}

/** Ends an invitation that is held, with its link and its letters that wait. */
export async function takeBack(trx: Trx, invitation: Invitation): Promise<void> {
  const { id } = invitation;
  await trx('invitations')
    .where({ id })
    .update({ revokedAt: now(trx) });
  await trx('links')
    .where({ invitationId: id, usedAt: null })
    .update({ voidedAt: now(trx) });
  await dropInvitationLetters(trx, [invitation]);
}
