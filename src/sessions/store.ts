import type { Profile } from '../access/profiles.ts';
import type { State } from '../access/standing.ts';
import { standingOf } from '../access/standing.ts';
import { type Db, now } from '../ground/database.ts';
import { digest } from '../ground/secrets.ts';
import type { Flash, SessionKeeper, SignedIn } from '../web/session.ts';
import { isLive } from './sessions.ts';

/** Minutes for which a proof of identity counts: see /confirm. */
export const confirmedMinutes = 10;

/** The sessions of signed-in users as express-session sees them: rows that it may read, mark and end, never make. */
export function sessionKeeper(db: Db): SessionKeeper {
  return {
    find: (sid) => findSession(db, sid),
    saveFlash: (sid, flash) => session(db, sid).update({ flash: JSON.stringify(flash) }),
    markSeen: (sid) => session(db, sid).update({ lastSeenAt: now(db) }),
    end: (sid) => session(db, sid).delete(),
  };
}

/** The session with its account as it is at this moment, in one query: idle, expired or left standing, it is no session. */
async function findSession(db: Db, sid: string): Promise<{ signedIn: SignedIn; flash: Flash | null } | null> {
  const { rows } = await db.raw(liveSession, [confirmedMinutes, digest(sid)]);
  const row: Row | undefined = rows[0];
  if (!row) return null;
  const { flash, secondsIdle, theme, timeZone, listColumns, hasViews, ...actor } = row;
  const kept = { secondsIdle, theme, timeZone, listColumns, hasViews };
  if (standingOf(actor) !== 'none') return { signedIn: { actor: { ...actor, requestId: null, address: '' }, ...kept }, flash };
  await session(db, sid).delete(); // Gone for good: whoever is let in again signs in again.
  return null;
}

type Row = {
  id: number;
  sessionId: number;
  username: string;
  name: string;
  email: string;
  profile: Profile;
  state: State;
  isVerified: boolean;
  isExpired: boolean;
  isDeleted: boolean;
  mustChangePassword: boolean;
  isConfirmed: boolean;
  secondsIdle: number;
  theme: string;
  timeZone: string;
  listColumns: string[] | null;
  hasViews: boolean;
  flash: Flash | null;
};

const liveSession = `
  select u.id, s.id as session_id, u.username, u.name, u.email, u.profile, u.state, u.theme, u.time_zone, u.list_columns, s.flash,
    u.email_verified_at is not null as is_verified,
    coalesce(u.expires_at <= now(), false) as is_expired,
    u.deleted_at is not null as is_deleted,
    u.must_change_password,
    exists (select from saved_views v where v.owner_id = u.id or v.is_shared) as has_views,
    s.confirmed_at > now() - make_interval(mins => ?) as is_confirmed,
    extract(epoch from now() - s.last_seen_at)::float as seconds_idle
  from sessions s join users u on u.id = s.user_id cross join settings
  where s.sid_hash = ? and ${isLive}`;

const session = (db: Db, sid: string) => db('sessions').where({ sidHash: digest(sid) });
