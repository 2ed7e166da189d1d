import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { networkOf } from '../ground/networks.ts';
import { type Happening, readHistory } from '../history/timeline.ts';
import { listSessions } from '../sessions/sessions.ts';
import { readSettings } from '../settings/settings.ts';
import { readSecondFactor } from '../twofactor/twofactor.ts';
import { countBrowsers } from '../users/browsers.ts';
import { assertRestorable } from '../users/restore.ts';
import { findUser, type User } from '../users/user.ts';
import { lastFailedLetter, readWays } from '../users/ways.ts';
import { type Answer, answers, type Facts, networkAnswer, triesAnswer } from './answers.ts';
import { type Condition, conditions } from './conditions.ts';
import { missingFactor, notes } from './notes.ts';
import { readWaits } from './waits.ts';

/**
 * What a check came to: it stops every sign-in, or those from some browsers or networks; it lets in, but not to everything; it
 * passes; it is not asked of this user; or it is no check but worth knowing.
 */
export type Outcome = 'stops' | 'partly' | 'limits' | 'passes' | 'unasked' | 'note';

export type Check = Answer & { name: string; outcome: Outcome };

export type SignInCheck = {
  user: User;
  checks: Check[];
  /** The worst that any check came to. */
  outcome: Outcome;
  sessionsOpen: number;
  browsersKnown: number;
  /** The last tries that failed, the newest first. */
  failed: Happening[];
};

/**
 * Asks everything that signing in would ask of this user at this moment, in the same order, and answers each; changes nothing.
 * `moment` puts times into the words of whoever reads it.
 */
export async function checkSignIn(db: Db, by: Actor, username: string, moment: Facts['moment']): Promise<SignInCheck> {
  assertCan(by, 'check sign-in');
  const user = await findUser(db, username);
  const failed = await readHistory(db, { userId: user.id, act: 'sign-in.failed' }, { limit: 20 });
  const facts = { ...(await readFacts(db, user, failed)), by, user, moment };
  const checks = allChecks(facts);
  const outcome = severity.find((one) => checks.some((check) => check.outcome === one)) ?? 'passes';
  const { sessionsOpen, browsersKnown } = facts;
  return { user, checks, outcome, sessionsOpen, browsersKnown, failed: failed.slice(0, 5) };
}

async function readFacts(db: Db, user: User, failed: Happening[]) {
  const entries = await readHistory(db, { userId: user.id, act: 'session.started' }, { limit: 20 });
  const networksSeen = [...entries, ...failed].map(({ address }) => networkOf(address ?? ''));
  return {
    rules: await readSettings(db),
    waits: await readWaits(db, user, networksSeen),
    browsersKnown: await countBrowsers(db, [user.id]),
    ways: await readWays(db, user.id),
    failedLetter: await lastFailedLetter(db, user.id),
    factor: await readSecondFactor(db, user.id),
    sessionsOpen: (await listSessions(db, user.id)).length,
    past: await whyNotRestorable(db, user),
  };
}

async function whyNotRestorable(db: Db, user: User): Promise<string | null> {
  if (!user.deletedAt) return null;
  return assertRestorable(db, user).then(
    () => null,
    (error) => {
      if (error instanceof Refused) return error.message;
      throw error;
    },
  );
}

const severity: Outcome[] = ['stops', 'partly', 'limits'];

/** The network is asked first, then whether there is such an account, then its tries, then everything else about it. */
function allChecks(facts: Facts): Check[] {
  const [deletion, ...rest] = (Object.keys(conditions) as Condition[]).map((name) => conditionCheck(name, facts));
  return [networkCheck(facts), deletion as Check, triesCheck(facts), ...rest, ...factorChecks(facts), ...noteChecks(facts)];
}

function noteChecks(facts: Facts): Check[] {
  const found = Object.entries(notes).map(([name, answer]) => ({ name, answer: answer(facts) }));
  return found.flatMap(({ name, answer }) => (answer ? [{ name, outcome: 'note' as const, ...answer }] : []));
}

/** Asked last, and of administrators alone. */
function factorChecks(facts: Facts): Check[] {
  const answer = missingFactor(facts);
  return answer ? [{ name: 'second-factor', outcome: 'limits', ...answer }] : [];
}

function networkCheck(facts: Facts): Check {
  const answer = networkAnswer(facts);
  if (!answer) return passing('network', 'No network has used up its tries');
  return { name: 'network', outcome: facts.waits.networks.some(({ isSeen }) => isSeen) ? 'partly' : 'passes', ...answer };
}

function triesCheck(facts: Facts): Check {
  const answer = triesAnswer(facts);
  if (!answer) return passing('tries', 'The account has tries left');
  return { name: 'tries', outcome: facts.waits.account ? reach(facts) : 'partly', ...answer };
}

const passing = (name: string, title: string): Check => ({ name, outcome: 'passes', title, says: '', fixes: [] });

function conditionCheck(name: Condition, facts: Facts): Check {
  const { passes, fails } = answers[name];
  if (facts.user.identitySource === 'federated' && (name === 'password' || name === 'singleUse'))
    return { ...passing(name, passes), outcome: 'unasked', says: 'Only asked of who signs in here.' };
  const outcome = outcomeOf(name, facts);
  return outcome === 'passes' ? passing(name, passes) : { name, outcome, ...fails(facts) };
}

function outcomeOf(name: Condition, facts: Facts): Outcome {
  const [stranger, known] = [conditions[name](facts.user, false), conditions[name](facts.user, true)];
  if (known === 'none') return 'stops';
  if (stranger === 'none') return reach(facts);
  return stranger === 'restricted' ? 'limits' : 'passes';
}

/** What stops the browsers that are not known stops everybody where none is. */
const reach = ({ browsersKnown }: Facts): Outcome => (browsersKnown === 0 ? 'stops' : 'partly');
