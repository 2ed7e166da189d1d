import { type Author, system } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import type { Link } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import type { Visit } from './accept.ts';
import { holdInvitation, stateOf } from './invitation.ts';
import { assertAcceptable } from './obstacles.ts';
import { sendAgain } from './resend.ts';

/** Whether who is invited can be sent another link when asked for it. */
export const canAsk = async (db: Db): Promise<boolean> => (await readSettings(db)).outgoingMail;

/**
 * Sends who is invited, and whose link has waited too long, another one to the same address. Throws Refused when the invitation is
 * not waiting for one or could not be accepted, TryLater when it was asked for too often.
 */
export async function askForAnother(db: Db, { invitationId }: Link, visit: Visit): Promise<void> {
  if (!(await canAsk(db))) throw new Refused('No mail goes out from here. Ask whoever invited you for another link.');
  const by: Author = { ...system('visitor'), ...visit };
  await db.transaction(async (trx) => {
    const invitation = await holdInvitation(trx, invitationId as number);
    if (stateOf(invitation) !== 'expired') throw new Refused('A new link was sent already, or the invitation was taken back.');
    await assertAcceptable(trx, invitation);
    const { refusals } = await sendAgain(trx, by, [invitation.id]);
    for (const refusal of refusals.values()) throw refusal;
  });
}
