import type { Db } from '../ground/database.ts';
import { isPaid } from './allowance.ts';

/** A tariff that a user has at present: one that is paid, or that is to renew itself as soon as the balance suffices. */
export type Present = {
  tariffId: number;
  name: string;
  /** The end of what is paid; null when that is over. */
  paidUntil: Date | null;
  renews: boolean;
  /** What the next renewal takes; null where none is to come. */
  nextPriceMinor: number | null;
  /** Whether it is still offered to anybody: else it cannot be renewed. */
  isActive: boolean;
};

/** The tariffs that a user has at present, by name. */
export async function presentTariffs(db: Db, userId: number): Promise<Present[]> {
  const { rows } = await db.raw(present, { userId });
  return rows;
}

const present = `
  select t.id as tariff_id, t.name, p.paid_until, r.tariff_id is not null as renews, r.price_minor as next_price_minor,
    t.is_active
  from tariffs t
  left join (
    select tariff_id, max(ends_at) as paid_until from payments
    where user_id = :userId and ends_at > now() and ${isPaid} group by tariff_id) p on p.tariff_id = t.id
  left join renewals r on r.tariff_id = t.id and r.user_id = :userId
  where p.tariff_id is not null or r.tariff_id is not null
  order by fold(t.name)`;
