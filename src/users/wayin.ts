import type { Db } from '../ground/database.ts';
import { type Found, linkOfUserOrNull } from '../links/links.ts';
import { readSettings } from '../settings/settings.ts';
import { type ButtonName, buttonFor, type RowAct } from './rowacts.ts';
import { hasPassword, isToActivate, type User } from './user.ts';

/** What is said of a user whom no password lets in, and the buttons that mend it. */
export type WayIn = {
  title: string;
  says: string;
  buttons: RowAct[];
  /** Where an open link can be copied, while no mail brings it. */
  copyHref: string | null;
};

/** How this user gets in; null where nothing is in the way but the state. `moment` puts times into the words of the reader. */
export async function readWayIn(db: Db, user: User, moment: (at: Date) => string): Promise<WayIn | null> {
  const isInvited = user.state === 'STATE_INVITED';
  if (user.identitySource !== 'local' || user.deletedAt || (hasPassword(user) && !isInvited)) return null;
  const { outgoingMail } = await readSettings(db);
  const found = isInvited ? await linkOfUserOrNull(db, user.id, 'activation') : null;
  const isToCopy = !outgoingMail && found?.state === 'open';
  const without = outgoingMail ? [] : [`Outgoing mail is off: ${isToCopy ? 'copy the link and hand it over' : byHand(user)}.`];
  const says = [...(isInvited ? [saysOfLink(found, moment)] : []), ...without].join(' ');
  const copyHref = isToCopy ? `/users/${user.username}/mail` : null;
  const title = isInvited ? 'Not activated yet.' : 'No password lets this user in.';
  return { title, says, buttons: buttonsFor(user, outgoingMail), copyHref };
}

const byHand = (user: User) =>
  isToActivate(user) ? 'make a link to copy, or give a single-use password' : 'give a single-use password';

function saysOfLink(found: Found | null, moment: (at: Date) => string): string {
  if (!found) return 'No activation link has been sent.';
  const { link, state } = found;
  if (state === 'open') return `The activation link of ${moment(link.issuedAt)} works until ${moment(link.expiresAt)}.`;
  return `The activation link of ${moment(link.issuedAt)} works no more.`;
}

function buttonsFor(user: User, outgoingMail: boolean): RowAct[] {
  const names: ButtonName[] = isToActivate(user) ? ['activation-email'] : [];
  if (!isToActivate(user) || !outgoingMail) names.push('reset-password');
  return names.map((name) => buttonFor(name, user));
}
