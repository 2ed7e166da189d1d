import type { Author, Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db, Trx } from '../ground/database.ts';
import { Refused, TryLater } from '../ground/errors.ts';
import { holdInvitations, type Invitation, invitationColumns, mostInAnHour, stateOf, unknownInvitation } from './invitation.ts';
import { type Obstacle, obstacles, obstaclesTo } from './obstacles.ts';
import { dropInvitationLetters, sendInvitations } from './send.ts';

/**
 * Sends an invitation again: with a new link, whose days begin anew, and no other works. Throws Refused when it was accepted or
 * revoked or could not be accepted, TryLater within a minute of the last time or after five in an hour.
 */
export async function resendInvitation(db: Db, by: Doer, id: number): Promise<Invitation> {
  return db.transaction((trx) => resendOne(trx, by, id));
}

async function resendOne(trx: Trx, by: Doer, id: number): Promise<Invitation> {
  const { resent, refusals } = await resendHeld(trx, by, [id]);
  const [invitation] = resent;
  if (invitation) return invitation;
  throw refusals.get(id) ?? unknownInvitation();
}

export type Resent = { resent: Invitation[]; refusals: Map<number, Error> };

/** The same for many, in few statements; who cannot be sent one is in `refusals`. */
export async function resendHeld(trx: Trx, by: Doer, ids: number[]): Promise<Resent> {
  assertCan(by, 'resend invitation');
  return sendAgain(trx, by, ids);
}

/** For whoever may: an administrator, or who is invited and has waited too long. */
export async function sendAgain(trx: Trx, by: Author, ids: number[]): Promise<Resent> {
  const held = await holdInvitations(trx, ids);
  const against = await obstaclesTo(trx, held);
  const refusals = new Map<number, Error>();
  for (const invitation of held) {
    const refusal = refusalToSend(invitation, against.get(invitation.id));
    if (refusal) refusals.set(invitation.id, refusal);
  }
  const resent = await renew(
    trx,
    held.filter(({ id }) => !refusals.has(id)),
  );
  await sendInvitations(trx, by, 'invitation.resent', resent);
  return { resent, refusals };
}

function refusalToSend(invitation: Invitation, obstacle?: Obstacle): Error | null {
  const { email, isResentNow, isResentOften } = invitation;
  const state = stateOf(invitation);
  if (state === 'accepted') return new Refused(`The invitation of ${email} has been accepted.`);
  if (state === 'revoked') return new Refused(`The invitation of ${email} was revoked. Invite again instead.`);
  if (obstacle) return new Refused(obstacles[obstacle].shown);
  if (isResentNow) return new TryLater('It was sent again a moment ago. Wait a minute.', { status: 429, seconds: 60 });
  const often = `It was sent ${mostInAnHour} times within an hour. Try again later.`;
  return isResentOften ? new TryLater(often, { status: 429, seconds: 3600 }) : null;
}

async function renew(trx: Trx, invitations: Invitation[]): Promise<Invitation[]> {
  if (invitations.length === 0) return [];
  await dropInvitationLetters(trx, invitations);
  const ids = invitations.map(({ id }) => id);
  await trx.raw(renewInvitations, { ids, kept: mostInAnHour - 2 });
  return trx('invitations').whereRaw('id = any(?)', [ids]).orderBy('id').select(invitationColumns(trx));
}

/** Of the moments of sending again the last five are kept: as many as the limit asks for. */
const renewInvitations = `
  update invitations set sent_at = now(), times_sent = times_sent + 1,
    link_expires_at = date_trunc('milliseconds', now() + make_interval(days => link_days)),
    resent_at = (resent_at || now())[greatest(cardinality(resent_at) - :kept::integer, 1):]
  where id = any(:ids::bigint[])`;
