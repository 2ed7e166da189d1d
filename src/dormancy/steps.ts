import type { Trx } from '../ground/database.ts';
import type { ManyAct } from '../users/act.ts';
import type { Belonging } from '../users/belongings.ts';
import { deleteAct } from '../users/remove.ts';
import { moveAct } from '../users/states.ts';
import type { User } from '../users/user.ts';
import { dayWords } from './days.ts';
import { type Concerned, concerned, deactivatedAt, deletedAt, type Rule } from './rule.ts';

/** What is known of an account that is concerned: the days since it was used, and when the next thing happens to it. */
export type Found = { id: number; unusedDays: number; usedAt: Date; dueAt: Date | null };
export type FoundById = ReadonlyMap<number, Found>;

/** One thing that the rule does: to whom, when the next would follow, and the act itself. */
export type Step = Concerned & {
  dueAt: string;
  act(found: FoundById): ManyAct;
  input?: { reason: string };
};

export type StepName = 'warn' | 'warnAgain' | 'deactivate' | 'deactivateUnwarned' | 'tellOfDeletion' | 'delete';

type With = { belongings: readonly Belonging[]; restoreDays: number };

/** What the rule does, in this order; what is off in it is not among them. */
export function stepsOf(rule: Rule, parts: With): Partial<Record<StepName, Step>> {
  const { warnDays, deactivateDays, deleteDays } = rule;
  const deactivates = {
    dueAt: deletedAt,
    act: deactivateAct,
    input: { reason: `Nobody had signed in for ${deactivateDays} days.` },
  };
  return {
    ...(warnDays > 0 && { warn: { ...concerned.unwarned, dueAt: deactivatedAt, act: warnAct } }),
    ...(deactivateDays > 0 && {
      warnAgain: { ...concerned.warnedOfNothing, dueAt: deactivatedAt, act: warnAct },
      deactivate: { ...concerned.due, ...deactivates },
    }),
    ...(deactivateDays > 0 && warnDays === 0 && { deactivateUnwarned: { ...concerned.unused, ...deactivates } }),
    ...(deleteDays > 0 && {
      tellOfDeletion: { ...concerned.endedForGood, dueAt: deletedAt, act: tellOfDeletionAct },
      delete: { ...concerned.dueForDeletion, dueAt: 'null::timestamptz', act: () => removeAct(parts) },
    }),
  };
}

/** Warns that an account will be deactivated, once until it is used again, and keeps the day that its user was told. */
const warnAct = (found: FoundById): ManyAct => ({
  act: 'deactivate user',
  recordedAs: 'user.dormancy-warned',
  shape: {},
  assertPossible: () => {},
  apply: async (trx, users) => {
    await mark(trx, users, found);
    return users.map((user) => ({ user, details: { facts: factsOf(found, user, 'deactivatedOn') } }));
  },
  letter: (user) => ({ kind: 'dormant-warned', data: dataOf(found, user) }),
});

/** Deactivates as an administrator does, with a letter that says why and what follows. */
function deactivateAct(found: FoundById): ManyAct<{ reason: string }> {
  const move = moveAct('deactivate');
  return {
    ...move,
    apply: async (trx, users, input) => {
      const happened = await move.apply(trx, users, input);
      await mark(trx, users, found);
      return happened;
    },
    letter: (user) => ({ kind: 'dormant-deactivated', data: dataOf(found, user) }),
  };
}

/** Says when an account that was deactivated by the rule will be deleted, where the letter of then could not say it. */
const tellOfDeletionAct = (found: FoundById): ManyAct => ({
  ...warnAct(found),
  act: 'delete user',
  apply: async (trx, users) => {
    await mark(trx, users, found);
    return users.map((user) => ({ user, details: { facts: factsOf(found, user, 'deletedOn') } }));
  },
  letter: (user) => ({ kind: 'dormant-deletion-set', data: dataOf(found, user) }),
});

const removeAct = ({ belongings, restoreDays }: With): ManyAct => ({
  ...deleteAct(belongings),
  letter: () => ({ kind: 'dormant-deleted', data: { restoreDays: String(restoreDays) } }),
});

/** Notes on accounts that the rule has done something to them, and what their users were told. */
async function mark(trx: Trx, users: User[], found: FoundById): Promise<void> {
  await trx.raw(
    `update users set dormant_at = now(), dormant_due_at = told.due_at
     from unnest(:ids::bigint[], :dues::timestamptz[]) as told (id, due_at) where users.id = told.id`,
    { ids: users.map(({ id }) => id), dues: users.map(({ id }) => found.get(id)?.dueAt ?? null) },
  );
}

function factsOf(found: FoundById, { id }: User, dueName: 'deactivatedOn' | 'deletedOn'): Record<string, unknown> {
  const { usedAt, dueAt } = found.get(id) as Found;
  return { usedLast: usedAt.toISOString(), ...(dueAt && { [dueName]: dueAt.toISOString() }) };
}

function dataOf(found: FoundById, { id }: User): Record<string, string> {
  const { unusedDays, dueAt } = found.get(id) as Found;
  return { days: String(unusedDays), on: dueAt ? dayWords(dueAt) : '' };
}
