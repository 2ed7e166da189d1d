import { randomBytes } from 'node:crypto';
import type { Db, Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { isSame, keyed } from '../ground/secrets.ts';

/** For how long each kind of link works. */
export const lifetimes = {
  verification: '48 hours',
  'email-change': '48 hours',
  reset: '1 hour',
  activation: '7 days',
  invitation: '7 days',
} as const;

export type Purpose = keyof typeof lifetimes;

export const purposes = Object.keys(lifetimes) as Purpose[];

/** The page that each kind of link opens: the token stands behind it. */
export const linkPaths: Record<Purpose, string> = {
  verification: '/verify-email',
  'email-change': '/verify-email',
  reset: '/reset-password',
  activation: '/activate',
  invitation: '/invitations/accept',
};

/** A link that works once. `email` is the address to which it was given; `counter` counts how often it was issued anew. */
export type Link = {
  id: number;
  purpose: Purpose;
  userId: number | null;
  invitationId: number | null;
  email: string;
  random: Buffer;
  counter: number;
  issuedAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  voidedAt: Date | null;
  isExpired: boolean;
};

export type Holder = { userId: number; email: string } | { invitationId: number; email: string };

/** Issues one link; see `issueLinks`. */
export async function issueLink(trx: Trx, purpose: Purpose, holder: Holder, expiresAt: Date | null = null): Promise<Link> {
  const [link] = await issueLinks(trx, purpose, [holder], expiresAt);
  return link as Link;
}

/**
 * Issues a link of this purpose to each holder, in their order; an older one of the same purpose works no more. It expires when its
 * kind does, or at `expiresAt`.
 */
export async function issueLinks(trx: Trx, purpose: Purpose, holders: Holder[], expiresAt: Date | null = null): Promise<Link[]> {
  const { rows } = await trx.raw(insertLinks, {
    purpose,
    userIds: holders.map((holder) => ('userId' in holder ? holder.userId : null)),
    invitationIds: holders.map((holder) => ('invitationId' in holder ? holder.invitationId : null)),
    emails: holders.map(({ email }) => email),
    randoms: holders.map(() => randomBytes(16)),
    lifetime: lifetimes[purpose],
    expiresAt,
  });
  const byHolder = new Map<number, Link>(rows.map((link: Link) => [link.userId ?? link.invitationId, link]));
  return holders.map((holder) => byHolder.get('userId' in holder ? holder.userId : holder.invitationId) as Link);
}

const insertLinks = `
  insert into links as l (purpose, user_id, invitation_id, email, random, expires_at)
  select :purpose, user_id, invitation_id, email, random, coalesce(:expiresAt::timestamptz, now() + :lifetime::interval)
  from unnest(:userIds::bigint[], :invitationIds::bigint[], :emails::text[], :randoms::bytea[])
    as holder (user_id, invitation_id, email, random)
  on conflict (purpose, coalesce(user_id, invitation_id)) do update set
    counter = l.counter + 1, email = excluded.email,
    issued_at = now(), expires_at = excluded.expires_at, used_at = null, voided_at = null
  returning l.*, l.expires_at <= now() as is_expired`;

/**
 * The token of a link as it is now. It is computed when it is sent or copied and lies nowhere: whoever reads the database finds
 * nothing that opens anything.
 */
export const tokenOf = (secret: string, link: Pick<Link, 'id' | 'counter' | 'purpose' | 'random'>): string =>
  [link.id.toString(36), link.counter.toString(36), macOf(secret, link).toString('base64url')].join('.');

const macOf = (secret: string, { id, counter, purpose, random }: Pick<Link, 'id' | 'counter' | 'purpose' | 'random'>) =>
  keyed(secret, `link ${purpose}`, `${id} ${counter} ${random.toString('hex')}`);

export type Base = { config: { baseUrl: string }; secrets: readonly [string, ...string[]] };

/** The whole address of a link, under the public address of the console. */
export const addressOfLink = ({ config, secrets }: Base, link: Link): string =>
  `${config.baseUrl}${linkPaths[link.purpose]}/${tokenOf(secrets[0], link)}`;

/** What has become of a link: it can be used, or why not. One that a newer has replaced is void, like one that was taken back. */
export type LinkState = 'open' | 'used' | 'expired' | 'void';

/** A link as somebody holds it in hand. */
export type Found = { link: Link; state: LinkState };

/** The link of a token for one of these purposes, or null when no such token was ever given. Changes nothing. */
export async function findLinkOrNull(
  db: Db,
  secrets: readonly string[],
  token: unknown,
  purposes: readonly Purpose[],
): Promise<Found | null> {
  const [, id, counter, mac] = /^([a-z0-9]{1,10})\.([a-z0-9]{1,6})\.([\w-]{43})$/.exec(String(token)) ?? [];
  const number = Number.parseInt(id ?? '', 36);
  if (!counter || !mac || !Number.isSafeInteger(number)) return null;
  const link: Link | undefined = await db('links').where({ id: number }).whereIn('purpose', purposes).first(linkColumns(db));
  if (!link) return null;
  const named = { ...link, counter: Number.parseInt(counter, 36) };
  const given = Buffer.from(mac, 'base64url');
  if (!secrets.some((secret) => isSame(macOf(secret, named), given))) return null;
  return { link, state: named.counter === link.counter ? stateOf(link) : 'void' };
}

function stateOf({ usedAt, voidedAt, isExpired }: Link): LinkState {
  if (usedAt) return 'used';
  if (voidedAt) return 'void';
  return isExpired ? 'expired' : 'open';
}

/**
 * Uses a link that was found open: of several at once one succeeds, the others get Refused. Hold the row of the user (or of the
 * invitation) first.
 */
export async function useLink(trx: Trx, { id, counter }: Link): Promise<void> {
  const used = await trx('links')
    .where({ id, counter, usedAt: null, voidedAt: null })
    .whereRaw('expires_at > now()')
    .update({ usedAt: trx.raw('now()') });
  if (used === 0) throw new Refused('This link has been used, replaced or taken back just now.');
}

/** Takes back the links of these users that are still open, of these purposes. */
export async function voidLinks(trx: Trx, userIds: number[], purposes: readonly Purpose[]): Promise<void> {
  await trx('links')
    .whereRaw('user_id = any(?)', [userIds])
    .whereIn('purpose', purposes)
    .where({ usedAt: null, voidedAt: null })
    .update({ voidedAt: trx.raw('now()') });
}

/** How many links of these users are still open, of whatever purpose. */
export async function countLinks(db: Db, userIds: number[]): Promise<number> {
  const open = db('links').whereRaw('user_id = any(?)', [userIds]).where({ usedAt: null, voidedAt: null });
  const row = await open.whereRaw('expires_at > now()').count({ count: '*' }).first();
  return Number(row?.count);
}

/** The link of a user for a purpose as it was issued last, or null. */
export async function linkOfUserOrNull(db: Db, userId: number, purpose: Purpose): Promise<Found | null> {
  const link: Link | undefined = await db('links').where({ userId, purpose }).first(linkColumns(db));
  return link ? { link, state: stateOf(link) } : null;
}

/** A link by its number, or null. */
export async function linkByIdOrNull(db: Db, id: number): Promise<Found | null> {
  const link: Link | undefined = await db('links').where({ id }).first(linkColumns(db));
  return link ? { link, state: stateOf(link) } : null;
}

export const linkColumns = (db: Db) => ['links.*', db.raw('links.expires_at <= now() as is_expired')];
