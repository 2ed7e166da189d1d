import { Forbidden, Refused } from '../ground/errors.ts';
import type { Actor, Doer, System } from './actor.ts';
import { type Act, ruleOf } from './acts.ts';
import { standingOf } from './standing.ts';

type Target = { id: number };

/**
 * The one decision on who may do what, used by pages, interface and command line alike.
 * `actor` is null for a visitor; `target` is the account that is acted upon, where there is one.
 */
export function can(actor: Actor | null, act: Act, target?: Target): boolean {
  return whyNot(actor, act, target) === null;
}

/** Null when allowed, else the rule that says no, in words for people. */
export function whyNot(actor: Actor | null, act: Act, target?: Target): string | null {
  const rule = ruleOf(act);
  if (!actor) return rule.who.includes('visitor') ? null : 'Sign in first.';
  if (!rule.who.includes(actor.profile)) return rule.insteadSays ?? `Your profile does not include “${act}”.`;
  const standing = standingOf(actor);
  if (standing === 'none') return 'Your account is not active.';
  if (standing === 'restricted' && !rule.whileRestricted) return 'Your account is restricted to your own profile.';
  if (actor.mustChangePassword && !rule.beforeNewPassword) return 'Choose a new password first.';
  if (actor.needsSecondFactor && !rule.beforeSecondFactor) return 'Set up a second factor first.';
  return rule.notUponSelf && target?.id === actor.id ? rule.notUponSelf : null;
}

/** Throws when `can` says no: Refused where the rule is about oneself, Forbidden otherwise. What the system does, it may. */
export function assertCan(by: Doer | null, act: Act, target?: Target): void {
  if (by && isSystem(by)) return;
  const reason = whyNot(by, act, target);
  if (!reason) return;
  throw can(by, act) ? new Refused(reason) : new Forbidden(reason);
}

/** Throws Refused unless the actor has proved lately who it is; the pages ask for that proof, see /confirm. */
export function assertConfirmed(by: Doer): void {
  if (!isSystem(by) && !by.isConfirmed) throw new Refused('Confirm it is you first.');
}

const isSystem = (by: Doer): by is System => by.id === null;
