import type { Db } from '../ground/database.ts';
import { type Present, presentTariffs } from '../tariffs/present.ts';
import { type Tariff, tariffsFor } from '../tariffs/tariff.ts';
import type { User } from '../users/user.ts';

/** A tariff in the eyes of a user: whether it can be paid, and what it has of it already. */
export type OwnTariff = Tariff & { isOffered: boolean; has: Present | null };

/** What a user has at present, then what else is offered to it, each by price. */
export async function ownTariffs(db: Db, user: Pick<User, 'id' | 'userType'>): Promise<OwnTariff[]> {
  const offered = await tariffsFor(db, user.userType);
  const present = await presentTariffs(db, user.id);
  const isOffered = (id: number) => offered.some((tariff) => tariff.id === id);
  const old = present.map(({ tariffId }) => tariffId).filter((id) => !isOffered(id));
  const others: Tariff[] = old.length > 0 ? await db('tariffs').whereIn('id', old).orderByRaw('fold(name)') : [];
  const all = [...offered, ...others].map((tariff) => ({
    ...tariff,
    isOffered: isOffered(tariff.id),
    has: present.find(({ tariffId }) => tariffId === tariff.id) ?? null,
  }));
  return [...all.filter(({ has }) => has), ...all.filter(({ has }) => !has)];
}
