import type { Actor } from '../access/actor.ts';
import { type State, stateNames } from '../access/standing.ts';
import type { Line } from '../mail/list.ts';
import type { Settings } from '../settings/settings.ts';
import type { SecondFactor } from '../twofactor/twofactor.ts';
import { hasPassword, isSingleUseSpent, type User } from '../users/user.ts';
import { statesToVerify } from '../users/verifylink.ts';
import { saysOfWay, type Ways } from '../users/ways.ts';
import type { Condition } from './conditions.ts';
import {
  activationFix,
  clearTriesFix,
  copyFixes,
  type Fix,
  fieldFix,
  moveFix,
  passwordFix,
  restoreFix,
  unlockFix,
  verificationFix,
} from './fixes.ts';
import { triesPerNetwork } from './tries.ts';
import type { Wait, Waits } from './waits.ts';

/** All that the answers are made from, as it is at this moment. */
export type Facts = {
  by: Actor;
  user: User;
  waits: Waits;
  ways: Ways;
  /** The last letter to the user, when it could not be sent. */
  failedLetter: Line | null;
  factor: SecondFactor;
  browsersKnown: number;
  sessionsOpen: number;
  rules: Settings;
  /** Why a deleted user cannot be restored any more; null when it can. */
  past: string | null;
  moment: (at: Date) => string;
};

export type Answer = { title: string; says: string; fixes: Fix[] };

const seesOnly = 'Signing in opens only the own profile, password and sessions';

/** What each condition is called when it is met, and what is said, and can be done, when it is not. */
export const answers: Record<Condition, { passes: string; fails(facts: Facts): Answer }> = {
  deletion: {
    passes: 'Not deleted',
    fails: (facts) => ({
      title: 'Deleted',
      says: `Deleted ${when(facts, facts.user.deletedAt)}: for signing in there is no such account.`,
      fixes: [restoreFix(facts, facts.past)],
    }),
  },
  lock: {
    passes: 'Not locked',
    fails: (facts) => ({
      title: 'Locked',
      says: `Locked after too many failed sign-ins, ${when(facts, facts.user.lockedAt)}. ${whoStillMay(facts)}`,
      fixes: [unlockFix(facts), passwordFix(facts, facts.rules.outgoingMail)],
    }),
  },
  identitySource: {
    passes: 'Signs in here, with a password',
    fails: () => ({
      title: 'Federated',
      says: 'This user signs in at the identity provider that this console is connected to. No password counts here; look there for the reason.',
      fixes: [],
    }),
  },
  password: {
    passes: 'Has a password',
    fails: (facts) => ({
      title: 'No password',
      says: `The account has no password, so none is right.${resetLinkWords(facts)}`,
      fixes: [passwordFix(facts, facts.rules.outgoingMail)],
    }),
  },
  singleUse: { passes: 'The password lasts', fails: singleUse },
  expiry: {
    passes: 'Not expired',
    fails: (facts) => ({
      title: 'Expired',
      says: `The account ended ${when(facts, facts.user.expiresAt)}.`,
      fixes: [fieldFix(facts, { field: 'expires_at', label: 'Set another expiry', icon: 'calendar' })],
    }),
  },
  state: {
    passes: 'The state lets in',
    fails: (facts) => ({ title: stateNames[facts.user.state], ...stateAnswers[facts.user.state](facts) }),
  },
  address: {
    passes: 'Address verified',
    fails: (facts) => ({
      title: 'Address not verified',
      says: `${facts.user.email} is not verified. ${seesOnly} until it is. ${saysOfWay('verification', facts.ways.verification, facts.moment)}`,
      fixes: addressFixes(facts),
    }),
  },
};

/** A link that was sent for choosing one is what the user may look for. */
const resetLinkWords = ({ ways: { reset }, moment }: Facts) => (reset ? ` ${saysOfWay('reset', reset, moment)}` : '');

/** Who is not active yet is verified by the link that activates the account; others by one of their own, best where it can be mailed. */
function addressFixes(facts: Facts): Fix[] {
  const { user, ways, rules } = facts;
  const byHand = fieldFix(facts, { field: 'email_verified', label: 'Verify the address', icon: 'circle-check' });
  if (!statesToVerify.includes(user.state)) return [byHand];
  const byLink = [verificationFix(facts), ...copyFixes(facts, ways.verification, rules.outgoingMail)];
  return rules.outgoingMail ? [...byLink, byHand] : [byHand, ...byLink];
}

/** The remembered browsers of a locked account are the way in that its owner keeps. */
const whoStillMay = ({ browsersKnown }: Facts) =>
  browsersKnown === 0
    ? 'No password gets in until it is unlocked or its password is reset.'
    : `Only ${browsersKnown === 1 ? 'the one browser that has' : `the ${browsersKnown} browsers that have`} signed in before still may, until it is unlocked.`;

function singleUse(facts: Facts): Answer {
  const { user, sessionsOpen } = facts;
  if (isSingleUseSpent(user)) {
    const open = sessionsOpen > 0 ? ' The session that it opened can still replace it.' : '';
    const says = `It was used ${when(facts, user.lastSignInAt)}, works once only, and no password of the user’s own has replaced it.${open}`;
    return { title: 'Single-use password used, not replaced', says, fixes: [passwordFix(facts, facts.rules.outgoingMail)] };
  }
  if (user.isSingleUseOver) {
    const says = `It waited for its sign-in until ${when(facts, user.singleUseExpiresAt)}.`;
    return { title: 'Single-use password expired', says, fixes: [passwordFix(facts, facts.rules.outgoingMail)] };
  }
  if (!user.singleUseExpiresAt) {
    const says = 'It opens nothing but the page that replaces it by a password of the user’s own.';
    return { title: 'The password must be replaced first', says, fixes: [] };
  }
  const says = `It works for one sign-in until ${when(facts, user.singleUseExpiresAt)} and must then be replaced before anything else opens.`;
  return { title: 'Single-use password, not used yet', says, fixes: [] };
}

type StateAnswer = (facts: Facts) => Omit<Answer, 'title'>;

const barred =
  (says: string): StateAnswer =>
  (facts) => ({ says: says + why(facts), fixes: [moveFix(facts, 'activate')] });

/** Who has a password is activated at once; else, or where the user is to do it, by a link. */
const toActivate =
  (says: string): StateAnswer =>
  (facts) => ({
    says: says + why(facts),
    fixes: [...(hasPassword(facts.user) ? [moveFix(facts, 'activate')] : []), activationFix(facts)],
  });

const stateAnswers: Record<State, StateAnswer> = {
  STATE_REQUESTED: (facts) => ({
    says: `The request waits for an administrator. ${seesOnly} until it is approved.`,
    fixes: [moveFix(facts, 'approve')],
  }),
  STATE_INVITED: (facts) => {
    const says = `Invited, and never finished. ${saysOfWay('activation', facts.ways.activation, facts.moment)}`;
    const answer = toActivate(says)(facts);
    return { ...answer, fixes: [...answer.fixes, ...copyFixes(facts, facts.ways.activation, facts.rules.outgoingMail)] };
  },
  STATE_APPROVED: () => ({ says: '', fixes: [] }),
  STATE_INACTIVE: (facts) =>
    toActivate(facts.user.dormantAt ? endedAsDormant(facts) : 'Deactivated, or added without being enabled.')(facts),
  STATE_FLAGGED: () => ({ says: '', fixes: [] }),
  STATE_SUSPENDED: barred(`${seesOnly}, with the reason.`),
  STATE_REJECTED: barred(`${seesOnly}, with the reason.`),
};

function endedAsDormant(facts: Facts): string {
  const { dormantAt, dormantDueAt } = facts.user;
  const next = dormantDueAt ? ` It will be deleted ${when(facts, dormantDueAt)}.` : '';
  return `Deactivated by the rule for dormant accounts, ${when(facts, dormantAt)}.${next}`;
}

const why = ({ user }: Facts) => (user.stateReason ? ` Reason: ${user.stateReason}` : '');

export const when = ({ moment }: Facts, at: Date | null) => (at ? moment(at) : '');

/** What is said of tries that are used up; null where some are left. */
export function triesAnswer(facts: Facts): Answer | null {
  const { account, browsers } = facts.waits;
  const { lockFailures, lockMinutes } = facts.rules;
  if (!account && browsers.length === 0) return null;
  const used = `all ${lockFailures} tries in ${lockMinutes} minutes are used up`;
  const says = [
    ...(account
      ? [`From browsers that have not signed in before, ${used}: even the right password waits ${until(facts, account)}.`]
      : []),
    ...browsers.map((wait) => `In one browser that has signed in before, ${used}: it waits ${until(facts, wait)}.`),
  ];
  return { title: 'Too many failed tries', says: says.join(' '), fixes: [clearTriesFix(facts)] };
}

/** What is said of networks that have used up their tries, those of this user apart; null where none has. */
export function networkAnswer(facts: Facts): Answer | null {
  const { networks } = facts.waits;
  if (networks.length === 0) return null;
  const named = (waits: typeof networks) => waits.map((wait) => `${wait.network} ${until(facts, wait)}`).join(', ');
  const [seen, others] = [networks.filter(({ isSeen }) => isSeen), networks.filter(({ isSeen }) => !isSeen)];
  const says: string[] = [];
  if (seen.length > 0)
    says.push(
      `Where this user has been seen all ${triesPerNetwork} tries in an hour are used up: everybody waits in ${named(seen)}.`,
    );
  if (others.length > 0) says.push(`Where this user has not been seen, everybody waits in ${named(others)}.`);
  return {
    title: seen.length > 0 ? 'A network has used up its tries' : 'No network of this user has used up its tries',
    says: says.join(' '),
    fixes: networks.map(({ network }) => clearTriesFix(facts, network)),
  };
}

const until = ({ moment }: Facts, { endsAt, minutes }: Wait) =>
  `until ${moment(endsAt)} (${minutes === 1 ? '1 more minute' : `${minutes} more minutes`})`;
