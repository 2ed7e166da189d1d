import { profileHints, profileNames, profiles } from '../access/profiles.ts';
import { maps, userTypeNames } from './fields.ts';

/** The choices of the user form's lists, with the words people read. */
export const formChoices = {
  profileChoices: profiles.map((value) => ({ value, label: profileNames[value], hint: profileHints[value] })),
  userTypeChoices: Object.entries(userTypeNames).map(([value, label]) => ({ value, label })),
  mapChoices: maps.map((value) => ({ value, label: value || 'No preference' })),
};
