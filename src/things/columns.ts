import { assetKinds, thingLabels } from './fields.ts';
import { kindWords, type Section } from './kinds.ts';
import type { ThingOrder } from './order.ts';
import type { Thing } from './thing.ts';

/** A column of a list of things: its head, what it shows of a thing, and by what it sorts. */
export type Column = { heading: string; sort?: ThingOrder; text(thing: Thing): string; style?: string };

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** What is known of a thing beside its name and its owner, line by line. */
export const knownOf = (thing: Thing) => [
  ...columnsOf[thing.section].map(({ heading, text }) => ({ label: heading, value: text(thing) })),
  { label: thingLabels.description as string, value: thing.description },
];

/** The columns of each list beside the name, which comes first, and the owner, the groups and the day, which come last. */
export const columnsOf: Record<Section, readonly Column[]> = {
  object: [
    {
      heading: 'Kind',
      text: ({ assetKind }) => (assetKind ? (assetKinds[assetKind as keyof typeof assetKinds] ?? assetKind) : ''),
    },
    { heading: 'Plate', text: ({ plate }) => plate, style: 'nowrap' },
    { heading: 'Tracker', text: ({ trackerName }) => trackerName ?? '' },
  ],
  tracker: [
    { heading: 'Model', text: ({ model }) => model },
    { heading: 'IMEI', text: ({ imei }) => imei, style: 'nowrap' },
    { heading: 'Phone', text: ({ phone }) => phone, style: 'nowrap' },
    { heading: 'On object', text: ({ carrierName }) => carrierName ?? '' },
  ],
  camera: [
    { heading: 'Stream address', text: ({ streamAddress }) => streamAddress },
    { heading: 'Object', text: ({ objectName }) => objectName ?? '' },
  ],
  thing: [
    { heading: 'Kind', text: ({ kind }) => capital(kindWords[kind][0]) },
    { heading: 'External reference', text: ({ reference }) => reference },
  ],
};
