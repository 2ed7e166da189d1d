import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { type Db, isTaken, type Trx } from '../ground/database.ts';
import { NotFound, Refused } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { findHappenings, type Happening } from '../history/timeline.ts';
import { whyOver } from '../history/undo.ts';
import { needsProof } from './copy.ts';
import { holdInvitations, type Invitation, invitationColumns, invited, stateOf } from './invitation.ts';
import { takeBack } from './revoke.ts';

/** The act of inviting or revoking of this number in the history; null when that is another act, or none. */
export async function findActOrNull(db: Db, historyId: number): Promise<Happening | null> {
  const [act] = await findHappenings(db, [historyId]);
  return act && isOurs(act) ? act : null;
}

/** Who is invited again by undoing this becomes an administrator when it is accepted: that takes a proof of identity. */
export async function needsProofToUndo(db: Db, act: Happening): Promise<boolean> {
  const [invitation] = await invitationsOf(db, [act]);
  return act.act === 'invitation.revoked' && invitation !== undefined && needsProof(invitation);
}

/**
 * Undoes inviting, which revokes, or revoking, after which the same link works again; an act of its own. Throws NotFound when the
 * invitation is erased, and Refused with the reason: ten minutes over, undone already, changed since, or a proof that is missing.
 */
export async function undoAct(db: Db, by: Doer, historyId: number): Promise<Invitation> {
  assertCan(by, 'undo act');
  const undo = async (trx: Trx) => {
    const { act, invitation } = await holdUpon(trx, historyId);
    const problem = whyNotUndone(act, invitation);
    if (problem) throw new Refused(problem);
    if (act.act === 'invitation.sent') await takeBack(trx, invitation);
    else await reopen(trx, by, invitation);
    const facts = { undoes: historyId, undone: act.act };
    await record(trx, by, 'invitation.undone', invited(invitation), { facts, undoes: historyId });
    return invitation;
  };
  return db.transaction(undo).catch(asRefusal);
}

/** Those of these acts that could be undone now. */
export async function undoableActs(db: Db, happenings: Happening[]): Promise<Set<number>> {
  const recent = happenings.filter((act) => isOurs(act) && !whyOver(act));
  if (recent.length === 0) return new Set();
  const invitations = new Map((await invitationsOf(db, recent)).map((one) => [one.userId as number | null, one]));
  const possible = recent.filter((act) => {
    const invitation = invitations.get(act.userId);
    return invitation && whyNotUndone(act, invitation) === null;
  });
  return new Set(possible.map(({ id }) => id));
}

const isOurs = ({ act, outcome }: Happening) => outcome === 'done' && (act === 'invitation.sent' || act === 'invitation.revoked');

const invitationsOf = (db: Db, acts: Happening[]): Promise<Invitation[]> =>
  db('invitations')
    .whereRaw('user_id = any(?)', [acts.flatMap(({ userId }) => userId ?? [])])
    .select(invitationColumns(db));

/** With the invitation held the act is looked at once more: of two who undo it the second sees the first. */
async function holdUpon(trx: Trx, historyId: number): Promise<{ act: Happening; invitation: Invitation }> {
  const found = await findActOrNull(trx, historyId);
  const [known] = found ? await invitationsOf(trx, [found]) : [];
  const [invitation] = known ? await holdInvitations(trx, [known.id]) : [];
  const act = invitation && (await findActOrNull(trx, historyId));
  if (!act) throw new NotFound('The invitation has been erased.');
  return { act, invitation };
}

function whyNotUndone(done: Happening, invitation: Invitation): string | null {
  const over = whyOver(done);
  if (over) return over;
  const state = stateOf(invitation);
  if (state === 'accepted') return `${invitation.email} has accepted the invitation.`;
  const isRevoked = state === 'revoked';
  if (isRevoked === (done.act === 'invitation.revoked')) return null;
  return `The invitation of ${invitation.email} has been ${isRevoked ? 'revoked' : 'opened again'} since.`;
}

async function reopen(trx: Trx, by: Doer, invitation: Invitation): Promise<void> {
  if (needsProof(invitation)) assertConfirmed(by);
  await trx('invitations').where({ id: invitation.id }).update({ revokedAt: null });
  await trx('links').where({ invitationId: invitation.id, usedAt: null }).update({ voidedAt: null });
}

/** One invitation for an address: the index knows of another. */
function asRefusal(error: unknown): never {
  throw isTaken(error) ? new Refused('The address has been invited anew since.') : error;
}
