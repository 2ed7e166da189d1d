import type { Db } from '../ground/database.ts';
import type { Section } from './kinds.ts';
import type { Thing } from './thing.ts';

/** More than anybody looks through in a list to choose from. */
const mostChoices = 300;

export type Choice = { value: string; label: string };

/**
 * What a thing of this owner could be attached to: for an object the owner's trackers that are on no other, for a camera its objects.
 * What it is attached to now is among them.
 */
export async function attachable(db: Db, section: Section, ownerId: number, thing: Thing | null = null): Promise<Choice[]> {
  if (section !== 'object' && section !== 'camera') return [];
  const other = section === 'object' ? 'tracker' : 'object';
  const now = section === 'object' ? thing?.trackerId : thing?.objectId;
  const found: Pick<Thing, 'id' | 'name' | 'plate' | 'imei'>[] = await db('things')
    .where({ ownerId, section: other, hiddenAt: null })
    .modify((query) => {
      const isFree = 'not exists (select from things o where o.tracker_id = things.id and o.id <> ?)';
      if (section === 'object') query.whereRaw(isFree, [thing?.id ?? 0]);
    })
    .orderByRaw('things.id = ? desc, fold(name)', [now ?? 0])
    .limit(mostChoices)
    .select('id', 'name', 'plate', 'imei');
  const none = { value: '', label: section === 'object' ? 'No tracker' : 'No object' };
  return [
    none,
    ...found.map(({ id, name, plate, imei }) => ({
      value: String(id),
      label: [name, plate || imei].filter(Boolean).join(' · '),
    })),
  ];
}
