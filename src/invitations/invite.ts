import type { Doer } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { clock, type Db, type Trx } from '../ground/database.ts';
import { Invalid } from '../ground/errors.ts';
import { noPlaceLeft, readPlaces } from '../users/limit.ts';
import type { Terms } from './fields.ts';
import { type Invitation, invitationColumns } from './invitation.ts';
import { alreadyInvited, type Judged, judge, pendingOf, small } from './judge.ts';
import type { Line } from './lines.ts';
import { resendHeld } from './resend.ts';
import { sendInvitations } from './send.ts';

export type Invited = {
  /** Those who are invited now, in the order of the lines. */
  sent: Invitation[];
  /** The numbers of these acts in the history, in the same order. */
  historyIds: number[];
  /** Those who were invited before and have got another link. */
  resent: Invitation[];
  /** The lines of which nothing came, each with its verdict. */
  left: Judged[];
};

type Wish = { lines: Line[]; terms: Omit<Terms, 'profile'>; resends?: boolean };

/**
 * Invites everybody whose line is ready, in few statements however many they are, each with a letter and a row in the history; with
 * `resends` those who are invited already get another link. What cannot be is left. Throws Refused at the account limit and where
 * an administrator is invited without a proof of identity, Invalid for a day of expiry that is over; then nothing is done.
 */
export async function invite(db: Db, by: Doer, { lines, terms, resends = false }: Wish): Promise<Invited> {
  assertCan(by, 'invite user');
  return db.transaction(async (trx) => {
    const judged = await judge(trx, lines);
    const ready = judged.filter(({ verdict }) => verdict === 'ready');
    if (ready.length > 0) await assertPossible(trx, by, ready, terms);
    const sent = await insert(trx, by, ready, terms);
    const historyIds = await sendInvitations(trx, by, 'invitation.sent', sent);
    const late = await lateAmong(trx, ready, sent);
    const all = judged.map((line) => late.get(line.number) ?? line);
    return { historyIds, ...(await sortOut(trx, by, { sent, judged: all, resends })) };
  });
}

async function assertPossible(trx: Trx, by: Doer, ready: Line[], { expiresAt }: Wish['terms']): Promise<void> {
  if (ready.some(({ profile }) => profile === 'administrator')) assertConfirmed(by);
  if (expiresAt && expiresAt <= (await clock(trx))) throw new Invalid({ expires_at: 'This day is over.' });
  const places = await readPlaces(trx);
  if (places.isFull) throw noPlaceLeft(places);
}

/** Whose address somebody else has invited in this very moment is passed over. */
async function insert(trx: Trx, by: Doer, lines: Line[], terms: Wish['terms']): Promise<Invitation[]> {
  if (lines.length === 0) return [];
  const rows = lines.map(({ email, name, profile }, index) => ({ email, name, profile, index }));
  const { rows: made } = await trx.raw(insertInvitations, { ...terms, invitedBy: by.id, rows: JSON.stringify(rows) });
  const ids = made.map(({ id }: { id: number }) => id);
  return trx('invitations').whereRaw('id = any(?)', [ids]).orderBy('id').select(invitationColumns(trx));
}

/** To the millisecond, as the moment goes from here to the link. */
const insertInvitations = `
  insert into invitations (email, name, profile, expires_at, note, link_days, link_expires_at, invited_by)
  select email, name, profile, :expiresAt::timestamptz, :note, :linkDays::integer,
    date_trunc('milliseconds', now() + make_interval(days => :linkDays::integer)), :invitedBy::bigint
  from jsonb_to_recordset(:rows::jsonb) as line (email text, name text, profile text, index integer)
  order by index
  on conflict (lower(email collate "C")) where accepted_at is null and revoked_at is null do nothing
  returning id`;

/** The ready lines of which no invitation came, since somebody was faster: by their numbers. */
async function lateAmong(trx: Trx, ready: Judged[], sent: Invitation[]): Promise<Map<number, Judged>> {
  const made = new Set(sent.map(({ email }) => small(email)));
  const late = ready.filter(({ email }) => !made.has(small(email)));
  if (late.length === 0) return new Map();
  const invitations = await pendingOf(
    trx,
    late.map(({ email }) => small(email)),
  );
  const again = (line: Judged) => alreadyInvited(line, invitations.get(small(line.email)) as Invitation);
  return new Map(late.map((line) => [line.number, again(line)]));
}

type Sorting = { sent: Invitation[]; judged: Judged[]; resends: boolean };

async function sortOut(trx: Trx, by: Doer, { sent, judged, resends }: Sorting): Promise<Omit<Invited, 'historyIds'>> {
  const others = judged.filter(({ verdict }) => verdict !== 'ready');
  const known = resends ? others.flatMap(({ invitation }) => invitation ?? []) : [];
  const { resent, refusals } = await resendHeld(trx, by, known);
  const done = new Set([...sent, ...resent].map(({ email }) => small(email)));
  const left = others.filter(({ email }) => !done.has(small(email)));
  return {
    sent,
    resent,
    left: left.map((line) => ({ ...line, says: refusals.get(line.invitation ?? 0)?.message ?? line.says })),
  };
}
