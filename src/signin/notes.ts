import { standingOf } from '../access/standing.ts';
import { accountOf } from '../users/user.ts';
import { saysOfWay, serverSays } from '../users/ways.ts';
import { type Answer, type Facts, when } from './answers.ts';
import { copyFixes, fieldFix, pageFix, resendFixes, twoFactorFix } from './fixes.ts';

/** What stands in nobody's way but may be what the user waits for, or has lost; null where there is nothing to say. */
export const notes: Record<string, (facts: Facts) => Answer | null> = {
  'second-step': secondStep,
  'reset-link': resetLink,
  mail: failedMail,
  dormancy,
};

function secondStep(facts: Facts): Answer | null {
  const { since, appSince, passkeys, codesLeft } = facts.factor;
  if (!since) return null;
  const kinds = [...(appSince ? ['an authenticator app'] : []), ...(passkeys > 0 ? [count(passkeys, 'passkey')] : [])];
  const codes = codesLeft === 0 ? 'No recovery code is left' : `${count(codesLeft, 'recovery code')} left`;
  const says = `Since ${when(facts, since)} it takes ${kinds.join(' or ')} to come in. ${codes}. Reset it only for who has lost all of them.`;
  return { title: 'A second step follows the password', says, fixes: [twoFactorFix(facts)] };
}

const count = (number: number, noun: string) => (number === 1 ? `1 ${noun}` : `${number} ${noun}s`);

function resetLink(facts: Facts): Answer | null {
  const { ways, moment, rules } = facts;
  if (ways.reset?.state !== 'open') return null;
  const fixes = copyFixes(facts, ways.reset, rules.outgoingMail);
  return { title: 'A link to reset the password is open', says: saysOfWay('reset', ways.reset, moment), fixes };
}

function failedMail(facts: Facts): Answer | null {
  const { failedLetter, user, rules } = facts;
  if (!failedLetter) return null;
  const says = `It was written to ${failedLetter.address}, ${when(facts, failedLetter.createdAt)}.${serverSays(failedLetter)}`;
  const fixes = [
    ...resendFixes(facts, failedLetter, rules.outgoingMail),
    fieldFix(facts, { field: 'email', label: 'Change the address', icon: 'pencil' }),
    pageFix('See the mail', 'mail', `/users/${user.username}/mail`),
  ];
  return { title: 'The last mail to this user could not be sent', says, fixes };
}

function dormancy(facts: Facts): Answer | null {
  const { dormantAt, dormantDueAt, state } = facts.user;
  if (!dormantAt || state === 'STATE_INACTIVE') return null;
  const next = dormantDueAt ? `The account is deactivated ${when(facts, dormantDueAt)} unless the user signs in.` : '';
  return { title: 'About to become dormant', says: `The user was warned ${when(facts, dormantAt)}. ${next}`.trim(), fixes: [] };
}

/** What is said of an administrator who has to set up a second factor before anything else; null of any other. */
export function missingFactor({ user, factor, rules }: Facts): Answer | null {
  const isAsked = user.profile === 'administrator' && rules.twoFactorForAdministrators === 'required';
  if (!isAsked || factor.since || standingOf(accountOf(user)) !== 'full') return null;
  const says = 'Administrators of this console need one. Signing in opens only the page where the user sets it up.';
  return { title: 'No second factor', says, fixes: [pageFix('See the setting', 'settings', '/settings#two-factor')] };
}
