import type { Settings } from '../settings/settings.ts';

/** After how many days without a sign-in what happens; 0 is never. */
export type Rule = { warnDays: number; deactivateDays: number; deleteDays: number };

export const ruleOf = ({ dormantWarnDays, dormantDeactivateDays, dormantDeleteDays }: Settings): Rule => ({
  warnDays: dormantWarnDays,
  deactivateDays: dormantDeactivateDays,
  deleteDays: dormantDeleteDays,
});

export const isOff = ({ warnDays, deactivateDays, deleteDays }: Rule) => warnDays + deactivateDays + deleteDays === 0;

/** The rule as the expressions below take it. Without a warning a day stands for the days between it and what it warns of. */
export const bindingsOf = (rule: Rule) => ({
  ...rule,
  daysAfterWarning: rule.warnDays > 0 ? rule.deactivateDays - rule.warnDays : 1,
  daysAfterDeactivation: rule.deleteDays - rule.deactivateDays,
});

/**
 * The moment from which the days count: nobody has come in since, and nobody has been let in again. Whom the rule concerns is asked
 * for in the very expressions of the indexes `users_unused` and `users_dormant`, so each is read from where it begins to matter: a
 * look costs what it finds, however many accounts there are.
 */
export const used = 'greatest(users.last_sign_in_at, users.registered_at, users.active_since)';

const unusedFor = (days: 'warnDays' | 'deactivateDays') => `${used} <= now() - make_interval(days => :${days})`;
const mayComeIn = `users.state in ('STATE_APPROVED', 'STATE_FLAGGED') and users.profile not in ('administrator', 'api')
  and users.deleted_at is null and (users.expires_at is null or users.expires_at > now())`;

/**
 * `dormant_at` is when the rule did something to an account, and `dormant_due_at` the moment that its user was told for what comes
 * next. Both are gone, by a trigger, as soon as the user signs in or somebody lets it in again.
 */
const isMarked = 'users.dormant_at is not null and users.deleted_at is null';
const isEnded = `${isMarked} and users.state = 'STATE_INACTIVE'`;

/** The accounts that are concerned; those who wait longest come first where an index has them so. */
export const concerned = {
  /** To be warned: not used for long, and not told so. */
  unwarned: { where: `${mayComeIn} and users.dormant_at is null and ${unusedFor('warnDays')}`, order: used },
  /** To be warned once more: nothing was to follow when they were. */
  warnedOfNothing: { where: `${isMarked} and ${mayComeIn} and users.dormant_due_at is null` },
  /** To be deactivated: the day is over that they were told, and the days of the rule. */
  due: {
    where: `${isMarked} and ${mayComeIn} and users.dormant_due_at <= now() and ${unusedFor('deactivateDays')}`,
  },
  /** To be deactivated where nobody is warned. */
  unused: { where: `${mayComeIn} and users.dormant_at is null and ${unusedFor('deactivateDays')}`, order: used },
  /** To be told of their deletion: they were deactivated when none was to follow. */
  endedForGood: { where: `${isEnded} and users.dormant_due_at is null` },
  /** To be deleted: told so, deactivated by the rule, and the days between the two are over. */
  dueForDeletion: {
    where: `${isEnded} and users.dormant_due_at <= now() and users.dormant_at <= now() - make_interval(days => :daysAfterDeactivation)`,
  },
} satisfies Record<string, Concerned>;

export type Concerned = { where: string; order?: string };

/** When an account is deactivated: by the rule, but never earlier than the days after a warning from now; null when never. */
export const deactivatedAt = `case when :deactivateDays > 0 then greatest(
  ${used} + make_interval(days => :deactivateDays), now() + make_interval(days => :daysAfterWarning)) end`;

/** When an account is deleted that is deactivated now; null when never. */
export const deletedAt = `case when :deleteDays > 0 then now() + make_interval(days => :daysAfterDeactivation) end`;
