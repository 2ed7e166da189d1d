import type { Db } from '../ground/database.ts';
import type { Settings } from '../settings/settings.ts';
import { figure } from '../web/figures.ts';
import { bindingsOf, type Concerned, concerned, isOff, type Rule, ruleOf } from './rule.ts';

/** As far as is counted: more would only make the page wait. */
const most = 1000;

/** What the rule would do if it ran now, in sentences, and where the accounts are listed that nobody signs in to. */
export type Foreseen = { says: string[]; links: { href: string; label: string }[] };

/** Looks ahead by these settings, which need not be saved; changes nothing. */
export async function foresee(db: Db, settings: Settings): Promise<Foreseen> {
  const rule = ruleOf(settings);
  const says = isOff(rule) ? ['The rule is off: nothing happens to accounts that nobody uses.'] : await foreseenWords(db, rule);
  if (rule.warnDays > 0 && !settings.outgoingMail)
    says.push('Outgoing mail is off: a warning stands in the history only, and nobody gets a letter.');
  const spans = [rule.warnDays, rule.deactivateDays, rule.deleteDays].filter((days) => days > 0);
  return { says, links: [...new Set(spans.length > 0 ? spans : [usualDays])].map(linkTo) };
}

/** Where no rule says how long is long. */
const usualDays = 90;

/** The list as the rule sees it: whom it leaves alone is left out. */
function linkTo(days: number) {
  const query = new URLSearchParams({ state: 'active,flagged', profile: '!administrator,!api', last: `>${days}d` });
  return { href: `/users?${query}`, label: `Not signed in for ${days} ${days === 1 ? 'day' : 'days'}` };
}

async function foreseenWords(db: Db, rule: Rule): Promise<string[]> {
  const { warnDays, deactivateDays, deleteDays } = rule;
  const isWarning = warnDays > 0;
  const counts = await countEach(db, rule, {
    ...(isWarning && { unwarned: concerned.unwarned }),
    ...(deactivateDays > 0 && { again: concerned.warnedOfNothing, due: concerned.due, unused: concerned.unused }),
    ...(deleteDays > 0 && { deleted: concerned.dueForDeletion }),
  });
  const { unwarned = 0, again = 0, due = 0, unused = 0, deleted = 0 } = counts;
  const deactivated = due + (isWarning ? 0 : unused);
  const words = `As things are, ${said(unwarned + again)} would be warned, ${said(deactivated)} deactivated and ${said(deleted)} deleted within the hour.`;
  return isWarning && unused > 0 ? [words, later(unused, rule)] : [words];
}

const said = (count: number) => (count > most ? `more than ${figure(most)}` : count === 0 ? 'none' : figure(count));

function later(count: number, { deactivateDays, warnDays }: Rule): string {
  const gap = deactivateDays - warnDays;
  return `${said(count)} of those to be warned have not been used for ${deactivateDays} days already: they are deactivated ${gap === 1 ? 'a day' : `${gap} days`} after their warning, unless they sign in.`;
}

/** In one question, each as far as is counted. */
async function countEach(db: Db, rule: Rule, kinds: Record<string, Concerned>): Promise<Record<string, number>> {
  const columns = Object.entries(kinds).map(
    ([name, { where }]) => `(select count(*) from (select from users where ${where} limit :limit) as some_users) as ${name}`,
  );
  const { rows } = await db.raw(`select ${columns.join(', ')}`, { ...bindingsOf(rule), limit: most + 1 });
  return rows[0];
}
