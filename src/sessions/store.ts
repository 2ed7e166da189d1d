import type { Profile } from '../access/profiles.ts';
import type { State } from '../access/standing.ts';
import { type Account, standingOf } from '../access/standing.ts';
import { type Db, now } from '../ground/database.ts';
import { askPrepared, prepared } from '../ground/prepared.ts';
import { digest } from '../ground/secrets.ts';
import { bannerOf, unreadOf } from '../notifications/list.ts';
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

/** The session with its account as it is at this moment, in one query, and another while connected: idle, expired or left standing, it is no session. */
async function findSession(db: Db, sid: string): Promise<{ signedIn: SignedIn; flash: Flash | null } | null> {
  const [row]: Row[] = await askPrepared(db, liveSession, [confirmedMinutes, digest(sid)]);
  if (!row) return null;
  const {
    flash,
    secondsIdle,
    theme,
    timeZone,
    listColumns,
    hasViews,
    hasApp,
    hasPasskeys,
    unread,
    banner,
    connectionId,
    ...account
  } = row;
  const connected = connectionId === null ? undefined : await findConnected(db, connectionId);
  const kept = {
    secondsIdle,
    theme,
    timeZone,
    listColumns,
    hasViews,
    hasApp,
    hasPasskeys,
    unread,
    subjectUnread: connected?.unread ?? null,
    banner,
  };
  const standing = standingOf(account);
  if (standing !== 'none') {
    // Who is restricted reaches nothing that a second factor would guard, nor the page where one is set up.
    const needsSecondFactor = account.needsSecondFactor && standing === 'full';
    const { connection, lostConnection } = connectionOf({ ...account, needsSecondFactor }, connected);
    const actor = { ...account, needsSecondFactor, connection, requestId: null, address: '' };
    return { signedIn: { actor, lostConnection, ...kept }, flash };
  }
  await session(db, sid).delete(); // Gone for good: whoever is let in again signs in again.
  return null;
}

/** A connection holds while its time lasts, its user is able, and its administrator still is one; else it is lost. */
function connectionOf(account: Able, connected: Connected | undefined) {
  if (!connected) return { connection: null, lostConnection: null };
  const { holds, id, mode, endsAt, unread: _, ...user } = connected;
  const isAble = standingOf(account) === 'full' && !account.mustChangePassword && !account.needsSecondFactor;
  const mayGoOn = account.profile === 'administrator' && isAble;
  if (!holds || !mayGoOn) return { connection: null, lostConnection: { id, name: user.name } };
  const { userId, ...subject } = user;
  return { connection: { id, mode, endsAt, user: { ...subject, id: userId } }, lostConnection: null };
}

type Able = Account & { mustChangePassword: boolean; needsSecondFactor: boolean };

type Connected = {
  holds: boolean;
  id: number;
  mode: 'full' | 'read';
  endsAt: Date;
  userId: number;
  username: string;
  name: string;
  email: string;
  profile: Profile;
  unread: number;
};

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
  needsSecondFactor: boolean;
  hasApp: boolean;
  hasPasskeys: boolean;
  isConfirmed: boolean;
  secondsIdle: number;
  theme: string;
  timeZone: string;
  listColumns: string[] | null;
  hasViews: boolean;
  unread: number;
  banner: SignedIn['banner'];
  flash: Flash | null;
  connectionId: number | null;
};

/** Asked for those who are connected alone: together with the session it would make every request wait for its plan. */
const findConnected = (db: Db, id: number): Promise<Connected | undefined> =>
  db('connections as c')
    .join('users as u', 'u.id', 'c.userId')
    .where('c.id', id)
    .first('c.id', 'c.mode', 'c.endsAt', 'c.userId', 'u.username', 'u.name', 'u.email', 'u.profile', db.raw(connectedFacts));

/** Whether an administrator may act on the behalf of user `alias`; a lock keeps from connecting anew, and is asked there. */
export const isConnectable = (alias: string) => `(${alias}.deleted_at is null and ${alias}.profile not in ('administrator', 'api')
  and ${alias}.state in ('STATE_APPROVED', 'STATE_FLAGGED') and coalesce(${alias}.expires_at > now(), true))`;

const connectedFacts = `${unreadOf('u')} as unread, c.ended_at is null and c.ends_at > now() and ${isConnectable('u')} as holds`;

const liveSession = prepared(`
  select u.id, s.id as session_id, u.username, u.name, u.email, u.profile, u.state, u.theme, u.time_zone, u.list_columns, s.flash,
    u.email_verified_at is not null as is_verified,
    coalesce(u.expires_at <= now(), false) as is_expired,
    u.deleted_at is not null as is_deleted,
    u.must_change_password,
    u.two_factor_since is null and u.profile = 'administrator' and u.identity_source = 'local'
      and settings.two_factor_for_administrators = 'required' as needs_second_factor,
    u.two_factor_since is not null and exists (select from authenticators a where a.user_id = u.id) as has_app,
    u.two_factor_since is not null and exists (select from passkeys p where p.user_id = u.id) as has_passkeys,
    exists (select from saved_views v where v.owner_id = u.id or v.is_shared) as has_views,
    ${unreadOf('u')} as unread, ${bannerOf('u')} as banner,
    s.confirmed_at > now() - make_interval(mins => ?) as is_confirmed,
    extract(epoch from now() - s.last_seen_at)::float as seconds_idle,
    s.connection_id
  from sessions s join users u on u.id = s.user_id cross join settings
  where s.sid_hash = ? and ${isLive}`);

const session = (db: Db, sid: string) => db('sessions').where({ sidHash: digest(sid) });
