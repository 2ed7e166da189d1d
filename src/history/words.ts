import { profileNames } from '../access/profiles.ts';
import { stateNames } from '../access/standing.ts';

const abbreviations: Record<string, string> = { unp: 'UNP', id: 'id', stateReason: 'reason', deletedAt: 'deletion' };
const values: Record<string, string> = { ...stateNames, ...profileNames, true: 'yes', false: 'no' };

/** `additionalInfo` as people read it: “additional info”. */
export const fieldWords = (name: string) => abbreviations[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A recorded value as the pages show it: states and profiles by name, moments in the reader's zone. */
export function valueWords(value: unknown, moment: (at: Date) => string): string {
  if (value === null || value === undefined || value === '') return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return moment(new Date(text));
  return Object.hasOwn(values, text) ? (values[text] as string) : verbOf(text);
}

/** The name of whoever took part; what a purge has erased keeps its number; null when nobody did. */
export const whoWords = (name: string | null, id: number | null) => name || (id === null ? null : `account ${id} (erased)`);

/** What each act is called in the timeline: “Olga suspended Uma”. */
export const actVerbs = {
  'user.added': 'added',
  'user.imported': 'imported',
  'user.edited': 'edited',
  'user.activated': 'activated',
  'user.approved': 'approved',
  'user.rejected': 'rejected',
  'user.flagged': 'flagged',
  'user.deactivated': 'deactivated',
  'user.suspended': 'suspended',
  'user.locked': 'locked, after too many failed sign-ins,',
  'user.unlocked': 'unlocked',
  'user.tries-cleared': 'cleared the failed tries of',
  'user.profile-set': 'set the profile of',
  'user.expiry-set': 'set the day of expiry of',
  'user.password-reset': 'gave a single-use password to',
  'user.deleted': 'deleted',
  'user.restored': 'restored',
  'user.purged': 'purged',
  'view.saved': 'saved a view of the list as',
  'view.changed': 'changed a saved view as',
  'view.deleted': 'deleted a saved view as',
  'user.undone': 'undid an act upon',
  'user.exported': 'exported the list of users',
  'bulk.started': 'started an act in bulk',
  'bulk.stopped': 'stopped an act in bulk',
  'import.started': 'started an import',
  'import.stopped': 'stopped an import',
  'history.exported': 'exported the history',
  'balance.refilled': 'refilled the balance of',
  'balance.cancelled': 'cancelled a transaction of',
  'tariff.added': 'added a tariff',
  'tariff.edited': 'edited a tariff',
  'tariff.paid': 'paid a tariff for',
  'thing.added': 'added a thing for',
  'thing.edited': 'edited a thing of',
  'thing.deleted': 'deleted a thing of',
  'thing.transferred': 'transferred a thing of',
  'thing.received': 'gave a thing to',
  'thing.shared': 'shared a thing with',
  'thing.unshared': 'ended a share with',
  'group.created': 'created a group',
  'group.edited': 'edited a group',
  'group.deleted': 'deleted a group',
  'group.things-changed': 'changed the things of a group',
  'user.groups-set': 'changed the groups of',
  'connection.started': 'connected to',
  'connection.ended': 'disconnected from',
  'account.edited': 'changed the own profile of',
  'account.password-changed': 'changed the own password of',
  'session.started': 'signed in as',
  'session.ended': 'signed out',
  'session.one-ended': 'ended a session of',
  'session.all-ended': 'ended sessions of',
  'session.confirmed': 'confirmed being',
  'sign-in.failed': 'failed to sign in as',
  'settings.changed': 'changed settings',
  'settings.undone': 'undid a change of settings',
  'user.dormancy-warned': 'warned, as nobody signs in,',
  'access.denied': 'was refused a page',
} as const;

/** Every act that the history knows. */
export type RecordedAct = keyof typeof actVerbs;

/** The words for an act as it was recorded; one that an older release wrote stands for itself. */
export const verbOf = (act: string): string => (Object.hasOwn(actVerbs, act) ? actVerbs[act as RecordedAct] : act);
