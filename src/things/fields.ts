import { z } from 'zod';
import { line, oneOf, text } from '../ground/fields.ts';
import { isImei } from './imei.ts';
import { genericKinds, type Kind } from './kinds.ts';

/** What an object can be. */
export const assetKinds = {
  '': 'Not said',
  car: 'Car',
  truck: 'Truck',
  van: 'Van',
  bus: 'Bus',
  trailer: 'Trailer',
  motorcycle: 'Motorcycle',
  boat: 'Boat',
  machine: 'Machine',
  container: 'Container',
  building: 'Building',
  person: 'Person',
  animal: 'Animal',
  other: 'Other',
} as const;

const name = line(100).refine((value) => value !== '', 'A name is needed.');

const phone = line(40).refine(
  (value) => value === '' || (/^\+?[\d ()./-]*$/.test(value) && /\d{3}/.test(value)),
  'Digits, with + in front and blanks, dots, hyphens or brackets between.',
);

/** As it is printed on devices: blanks and hyphens between the digits do not count. */
const imei = line(40)
  .transform((value) => value.replace(/[ \-/]/g, ''))
  .refine((value) => value === '' || /^\d{15}$/.test(value), '15 digits, as on the label of the tracker.')
  .refine(
    (value) => !/^\d{15}$/.test(value) || isImei(value),
    'One digit is wrong: the last digit does not fit to the others. Compare it with the label.',
  );

const streamAddress = line(500).refine(
  (value) => value === '' || (URL.canParse(value) && /^(rtsps?|https?|rtmps?):$/.test(new URL(value).protocol)),
  'An address that begins with rtsp://, https:// or rtmp://.',
);

/** Another thing, by its number; '' for none. */
const thingId = z
  .string()
  .default('')
  .refine((value) => value === '' || /^[1-9]\d{0,15}$/.test(value), 'Choose one of the list.')
  .transform((value) => (value === '' ? null : Number(value)));

const shared = { name, description: text(2000) };
const generic = { kind: oneOf(genericKinds, 'Choose a kind.'), ...shared, reference: line(200) };

/** The fields that the form of each list has. */
export const thingFields = {
  object: {
    ...shared,
    assetKind: oneOf(Object.keys(assetKinds) as ['', ...string[]], 'Choose one of the list.').default(''),
    plate: line(20),
    trackerId: thingId,
  },
  tracker: { ...shared, model: line(100), imei, phone },
  camera: { ...shared, streamAddress, objectId: thingId },
  thing: generic,
} as const;

/** What is written of a thing; fields that its kind does not have are left out. */
export type ThingValues = {
  kind: Kind;
  name: string;
  description: string;
  assetKind?: string;
  plate?: string;
  trackerId?: number | null;
  model?: string;
  imei?: string;
  phone?: string;
  streamAddress?: string;
  objectId?: number | null;
  reference?: string;
};

/** What each field is called wherever it is shown, under its name in forms. */
export const thingLabels: Record<string, string> = {
  kind: 'Kind',
  name: 'Name',
  asset_kind: 'Kind of vehicle or asset',
  plate: 'Plate',
  tracker_id: 'Tracker',
  model: 'Model',
  imei: 'IMEI',
  phone: 'Phone of the SIM',
  stream_address: 'Stream address',
  object_id: 'Object',
  reference: 'External reference',
  description: 'Description',
};
