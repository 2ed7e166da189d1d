import type { Column } from '../ground/keyset.ts';

/** The columns by which things can be listed; each expression has its indexes in the migrations, behind section and owner. */
export const thingOrders = {
  name: { heading: 'Name', expression: 'fold(things.name)', type: 'text' },
  created: { heading: 'Added', expression: 'things.created_at', type: 'timestamptz', startsDescending: true },
} as const satisfies Record<string, Column>;

export type ThingOrder = keyof typeof thingOrders;
