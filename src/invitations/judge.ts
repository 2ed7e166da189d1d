import type { State } from '../access/standing.ts';
import type { Db } from '../ground/database.ts';
import { type Invitation, invitationColumns, stateOf } from './invitation.ts';
import type { Line } from './lines.ts';

/** Lines that are looked at in one go; the others wait for the next. */
export const mostLines = 1000;

/** What becomes of a line, with a name for people. */
export const verdicts = {
  ready: { label: 'Ready', tone: 'ok' },
  invited: { label: 'Invited already', tone: 'info' },
  repeated: { label: 'Repeated', tone: 'off' },
  account: { label: 'Has an account', tone: 'warn' },
  invalid: { label: 'Unusable', tone: 'bad' },
  over: { label: 'Too many', tone: 'warn' },
} as const;

export type Verdict = keyof typeof verdicts;

/** A line with its verdict; `invitation` is the number of the one that its address has. */
export type Judged = Line & { verdict: Verdict; says: string; invitation: number | null };

/** Gives each line its verdict: by itself, against the lines before it, the accounts there are and the invitations under way. */
export async function judge(db: Db, lines: Line[]): Promise<Judged[]> {
  const emails = lines.slice(0, mostLines).map(({ email }) => small(email));
  const [accounts, invitations] = [await accountsOf(db, emails), await pendingOf(db, emails)];
  const seen = new Set<string>();
  return lines.map((line, index) => {
    if (index >= mostLines) return verdict(line, 'over', `${mostLines.toLocaleString('en')} lines at a time; this one stays.`);
    if (line.problem) return verdict(line, 'invalid', line.problem);
    const key = small(line.email);
    if (seen.has(key)) return verdict(line, 'repeated', 'The same address stands in a line above.');
    seen.add(key);
    const [account, invitation] = [accounts.get(key), invitations.get(key)];
    if (account) return verdict(line, 'account', sayAccount(account));
    return invitation ? alreadyInvited(line, invitation) : verdict(line, 'ready', '');
  });
}

/** The verdict on a line whose address has an invitation that was neither accepted nor revoked. */
export const alreadyInvited = (line: Line, invitation: Invitation): Judged => ({
  ...verdict(
    line,
    'invited',
    stateOf(invitation) === 'open' ? 'Invited already; the invitation is open.' : 'Invited already; the invitation has expired.',
  ),
  invitation: invitation.id,
});

const verdict = (line: Line, word: Verdict, says: string): Judged => ({ ...line, verdict: word, says, invitation: null });

type Account = { username: string; state: State };

const sayAccount = ({ username, state }: Account) =>
  `The user ${username} has this address${state === 'STATE_INVITED' ? ' and has not finished signing up' : ''}.`;

async function accountsOf(db: Db, emails: string[]): Promise<Map<string, Account>> {
  const query = db('users').whereRaw('lower(email collate "C") = any(?)', [emails]).where({ deletedAt: null });
  const found = await query.select('email', 'username', 'state');
  return new Map(found.map(({ email, ...account }) => [small(email), account]));
}

/** The invitations of these addresses that are open or have expired, by address in small letters. */
export async function pendingOf(db: Db, emails: string[]): Promise<Map<string, Invitation>> {
  const query = db('invitations').whereRaw('lower(email collate "C") = any(?)', [emails]);
  const found: Invitation[] = await query.where({ acceptedAt: null, revokedAt: null }).select(invitationColumns(db));
  return new Map(found.map((invitation) => [small(invitation.email), invitation]));
}

export const small = (email: string) => email.toLowerCase();
