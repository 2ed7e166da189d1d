import type { Db } from '../ground/database.ts';
import { readSettings } from '../settings/settings.ts';
import { type ButtonName, buttonFor, type RowAct } from './rowacts.ts';
import { hasPassword, isToActivate, type User } from './user.ts';
import { readWay, saysOfWay } from './ways.ts';

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
  const way = isInvited ? await readWay(db, user.id, 'activation') : null;
  const isToCopy = !outgoingMail && way?.state === 'open';
  const without = outgoingMail ? [] : [`Outgoing mail is off: ${isToCopy ? 'copy the link and hand it over' : byHand(user)}.`];
  const says = [...(isInvited ? [saysOfWay('activation', way, moment)] : []), ...without].join(' ');
  const copyHref = isToCopy ? `/users/${user.username}/mail` : null;
  const title = isInvited ? 'Not activated yet.' : 'No password lets this user in.';
  return { title, says, buttons: buttonsFor(user, outgoingMail), copyHref };
}

const byHand = (user: User) =>
  isToActivate(user) ? 'make a link to copy, or give a single-use password' : 'give a single-use password';

function buttonsFor(user: User, outgoingMail: boolean): RowAct[] {
  const names: ButtonName[] = isToActivate(user) ? ['activation-email'] : [];
  if (!isToActivate(user) || !outgoingMail) names.push('reset-password');
  return names.map((name) => buttonFor(name, user));
}
