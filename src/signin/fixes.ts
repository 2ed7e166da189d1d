import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { assertCan } from '../access/can.ts';
import { Forbidden, NotFound, Refused } from '../ground/errors.ts';
import type { Line } from '../mail/list.ts';
import { whyNotAgain, whyNotCopied } from '../mail/usefulness.ts';
import { assertTwoFactorResettable } from '../twofactor/reset.ts';
import { activationAct } from '../users/activation.ts';
import { assertResettable } from '../users/credentials.ts';
import { buttonFor, type RowAct } from '../users/rowacts.ts';
import { type Move, moveAct } from '../users/states.ts';
import { assertLive, isToActivate, type User } from '../users/user.ts';
import type { Way } from '../users/ways.ts';

/** A button that mends what keeps a user out; or, where a rule stands against it, that rule's sentence. */
export type Fix = { button: Button } | { instead: string };

type Button = RowAct & {
  /** What the button sends along. */
  fields?: Record<string, string>;
  /** True for a page that is too large for a dialog. */
  isPage?: true;
};

type Upon = { by: Actor; user: User };

export const moveFix = ({ by, user }: Upon, move: Move) =>
  offer(buttonFor(move, user), () => moveAct(move).assertPossible(by, user, { reason: '' }));

export const activationFix = ({ by, user }: Upon) =>
  offer(buttonFor('activation-email', user), () => activationAct.assertPossible(by, user, {}));

export const verificationFix = (upon: Upon) =>
  offer(buttonFor('resend-verification', upon.user), () => assertMay(upon, 'resend verification'));

export const twoFactorFix = ({ by, user }: Upon) =>
  offer(buttonFor('reset-two-factor', user), () => assertTwoFactorResettable(by, user));

/** Shows the link of a letter that brings one and has not arrived for sure; none where it is not to be had. */
export function copyFixes({ by, user }: Upon, way: Way | null, outgoingMail: boolean): Fix[] {
  const letter = way?.letter;
  if (!letter || letter.state === 'sent' || whyNotCopied(letter, letter.reader, outgoingMail) !== null) return [];
  const button = { label: 'Copy link', icon: 'copy', href: `/mail/${letter.id}/copy-link`, isDirect: true };
  return [offer(button, () => assertCan(by, 'copy link', user))];
}

/** Sends a letter again; none where that would be of no use. */
export function resendFixes({ by, user }: Upon, letter: Line, outgoingMail: boolean): Fix[] {
  if (whyNotAgain(letter, letter.reader, outgoingMail) !== null) return [];
  const button = { label: 'Resend', icon: 'mail', href: `/mail/${letter.id}/resend`, isDirect: true };
  return [offer(button, () => assertCan(by, 'resend mail', user))];
}

/** A page that tells more. */
export const pageFix = (label: string, icon: string, href: string): Fix => ({
  button: { label, icon, href, isDirect: false, isPage: true },
});

/** What brings a password to who has none that counts; a mailed one activates too. */
export const passwordFix = (upon: Upon, outgoingMail: boolean): Fix =>
  outgoingMail && isToActivate(upon.user) ? activationFix(upon) : resetFix(upon);

const resetFix = ({ by, user }: Upon) => offer(buttonFor('reset-password', user), () => assertResettable(by, user));

export const unlockFix = (upon: Upon) => offer(buttonFor('unlock', upon.user), () => assertMay(upon, 'unlock user'));

/** `past`: why it cannot be restored any more, when it cannot. */
export const restoreFix = ({ by, user }: Upon, past: string | null) =>
  offer(buttonFor('restore', user), () => {
    assertCan(by, 'restore user');
    if (past) throw new Refused(past);
  });

/** Forgets the tries of the user, or those of a network. */
export function clearTriesFix(upon: Upon, network?: string): Fix {
  const label = network ? `Clear the tries of ${network}` : 'Clear the tries';
  const button = { label, icon: 'eraser', href: `/users/${upon.user.username}/clear-tries`, isDirect: true };
  return offer(network ? { ...button, fields: { network } } : button, () => assertMay(upon, 'clear tries'));
}

/** The field of the edit form, which leads back here. */
export function fieldFix(upon: Upon, { field, label, icon }: { field: string; label: string; icon: string }): Fix {
  const returnTo = encodeURIComponent(`/users/${upon.user.username}/sign-in-check`);
  const href = `/users/${upon.user.username}/edit?return_to=${returnTo}#field-${field}`;
  return offer({ label, icon, href, isDirect: false, isPage: true }, () => assertMay(upon, 'edit user'));
}

function assertMay({ by, user }: Upon, act: Act): void {
  assertCan(by, act, user);
  assertLive(user);
}

/** What the act itself would refuse is not offered: its own sentence says why. */
function offer(button: Button, assert: () => void): Fix {
  try {
    assert();
    return { button };
  } catch (error) {
    if (error instanceof Refused || error instanceof NotFound || error instanceof Forbidden) return { instead: error.message };
    throw error;
  }
}
