import type { Db, Trx } from '../ground/database.ts';
import type { Period } from '../tariffs/period.ts';

/** A renewal with which something is to be done, its user held. */
export type Due = {
  userId: number;
  tariffId: number;
  endsAt: Date;
  anchorAt: Date;
  nth: number;
  priceMinor: number;
  tariff: string;
  period: Period;
  /** What the tariff costs by now. */
  newPriceMinor: number;
  isOver: boolean;
  username: string;
  email: string;
  timeZone: string;
  profile: string;
  balanceMinor: number;
};

/** Longer a renewal is not tried: nobody expects a payment after months. */
export const triesDays = 30;

/** Who cannot use an account does not pay for it: what renews itself waits until it is let in again. */
const isAble = `u.state in ('STATE_APPROVED', 'STATE_FLAGGED') and coalesce(u.expires_at > now(), true)`;
const isOffered = `t.is_active and t.for_type in ('everybody', u.user_type) and u.profile = 'customer'`;

/**
 * When a renewal is due for what, over r, t and u. It pays in the last hour, so that nothing stands still where a worker is late; the
 * notice comes a day before that, and the price that it names counts: another one is told before it, or waits for the next period.
 */
export const conditions = {
  off: 'not t.is_active',
  unfit: `r.ends_at <= now() + interval '25 hours' and not (${isOffered})`,
  price: `(r.price_minor < t.price_minor or r.price_minor > t.price_minor) and ${isOffered} and (r.failed_for = r.ends_at
    or r.ends_at > now() + case t.period when 'day' then interval '12 hours' else interval '2 days' end)`,
  soon: `t.period <> 'day' and r.ends_at between now() + interval '1 hour' and now() + interval '25 hours'
    and r.noticed_for is distinct from r.ends_at and ${isAble} and ${isOffered}`,
  payment: `r.ends_at <= now() + interval '1 hour' and r.ends_at > now() - interval '${triesDays} days'
    and u.balance_minor >= r.price_minor and ${isAble} and ${isOffered}`,
  failed: `r.ends_at <= now() and u.balance_minor < r.price_minor and r.failed_for is distinct from r.ends_at
    and ${isAble} and ${isOffered}`,
  stale: `r.ends_at <= now() - interval '${triesDays} days'`,
} as const;

export type Reason = keyof typeof conditions;

/** So few users are held at once that none of them has to wait for long. */
const chunkUsers = 20;

/**
 * The renewals that are due for this reason, of some users whom nobody else holds: these are held first, so that what is read then is
 * what holds, and nobody waits for anybody. In the order of their ends. None: nothing is due, or others are at it.
 */
export async function takeDue(trx: Trx, reason: Reason, { among, without }: Whom): Promise<Due[]> {
  if (!(await isWorthLooking(trx, reason))) return [];
  const found = await trx.raw(
    `select u.id from users u where u.id in (
       select r.user_id ${joined} where u.deleted_at is null and ${conditions[reason]}
         and (:among::bigint[] is null or r.user_id = any(:among)) and not r.user_id = any(:without)
       order by r.ends_at limit ${chunkUsers})
     for update skip locked`,
    { among, without },
  );
  const ids = found.rows.map(({ id }: { id: number }) => id);
  return ids.length > 0 ? dueOf(trx, reason, ids) : [];
}

/** Users by id: only these, or null for all, and none of those. */
type Whom = { among: number[] | null; without: number[] };

/** What concerns all renewals of a tariff is asked of the tariffs first: a probe of an index for each, where else all would be read. */
async function isWorthLooking(db: Db, reason: Reason): Promise<boolean> {
  const probe = probes[reason as keyof typeof probes];
  if (!probe) return true;
  const { rows } = await db.raw(`select exists (select from tariffs t where ${probe}) as is_any`);
  return rows[0].isAny;
}

const told = (which: 'min' | 'max') => `(select ${which}(r.price_minor) from renewals r where r.tariff_id = t.id)`;

const probes = {
  off: `not t.is_active and ${told('min')} is not null`,
  price: `(${told('min')} < t.price_minor or ${told('max')} > t.price_minor)`,
};

const joined = 'from renewals r join tariffs t on t.id = r.tariff_id join users u on u.id = r.user_id';

/** What is due for this reason with these users. */
export async function dueOf(db: Db, reason: Reason, userIds: number[]): Promise<Due[]> {
  const { rows } = await db.raw(
    `select r.user_id, r.tariff_id, r.ends_at, r.anchor_at, r.nth, r.price_minor, t.name as tariff, t.period,
       t.price_minor as new_price_minor, r.ends_at <= now() as is_over, u.username, u.email, u.time_zone, u.profile,
       u.balance_minor
     ${joined} where r.user_id = any(?) and ${conditions[reason]} order by r.ends_at, r.user_id, r.tariff_id`,
    [userIds],
  );
  return rows;
}
