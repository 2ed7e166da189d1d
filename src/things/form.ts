import { idsIn } from '../ground/fields.ts';
import { assetKinds, type ThingValues, thingLabels } from './fields.ts';
import { genericKinds, type Kind, kindWords, type Section } from './kinds.ts';

/** What the form of a thing offers to choose from. */
export const choices = {
  assetChoices: Object.entries(assetKinds).map(([value, label]) => ({ value, label })),
  kindChoices: genericKinds.map((value) => ({ value, label: kindWords[value][0] })),
  labels: thingLabels,
};

/** The groups that are ticked. */
export const groupsOf = (body: Record<string, unknown>): number[] => idsIn(body.groups);

/** What was typed, as it is stored: in most lists the kind is the list's. */
export const valuesOf = (section: Section, fields: object): ThingValues => ({ kind: section as Kind, ...fields }) as ThingValues;
