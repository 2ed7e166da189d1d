import { profileNames } from '../access/profiles.ts';
import { stateNames } from '../access/standing.ts';

const abbreviations: Record<string, string> = { unp: 'UNP', id: 'id', stateReason: 'reason', deletedAt: 'deletion' };
const values: Record<string, string> = { ...stateNames, ...profileNames, true: 'yes', false: 'no' };

/** `additionalInfo` as people read it: “additional info”; of amounts the unit is told with the value. */
export const fieldWords = (name: string) =>
  abbreviations[name] ?? name.replace(/Minor$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

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
  'user.activation-sent': 'sent an activation link to',
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
  'user.reset-sent': 'sent a link for a new password to',
  'user.registered': 'registered as',
  'user.sign-up-asked': 'asked to sign up as',
  'user.registration-repeated': 'tried to register with the address of',
  'user.verification-sent': 'asked to verify the address of',
  'user.verified': 'verified the address of',
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
  'invitation.sent': 'invited',
  'invitation.resent': 'sent another invitation to',
  'invitation.link-copied': 'copied the invitation link of',
  'invitation.revoked': 'revoked the invitation of',
  'invitation.undone': 'undid what was done with the invitation of',
  'invitation.accepted': 'accepted the invitation as',
  'history.exported': 'exported the history',
  'balance.refilled': 'refilled the balance of',
  'balance.cancelled': 'cancelled a transaction of',
  'ledger.found-wrong': 'found wrong balances',
  'ledger.proof-asked': 'asked for a proof of the books',
  'tariff.added': 'added a tariff',
  'tariff.edited': 'edited a tariff',
  'tariff.switched-on': 'offered a tariff again',
  'tariff.switched-off': 'offered a tariff no more',
  'tariff.deleted': 'deleted a tariff',
  'tariff.paid': 'paid a tariff for',
  'tariff.renewed': 'renewed a tariff for',
  'tariff.renewal-on': 'let a tariff renew itself for',
  'tariff.renewal-off': 'turned off the renewal of a tariff for',
  'tariff.renewal-failed': 'could not renew, as the balance did not suffice, a tariff for',
  'tariff.renewal-ended': 'ended the renewal of a tariff for',
  'tariff.price-told': 'told of another price of a tariff',
  'thing.added': 'added a thing for',
  'thing.edited': 'edited a thing of',
  'thing.deleted': 'deleted a thing of',
  'thing.transferred': 'transferred things of',
  'thing.received': 'gave things to',
  'thing.shared': 'shared a thing with',
  'thing.unshared': 'ended the sharing of a thing with',
  'group.created': 'created a group',
  'group.edited': 'edited a group',
  'group.deleted': 'deleted a group',
  'group.things-changed': 'changed the things of a group',
  'user.groups-set': 'changed the groups of',
  'feedback.left': 'left feedback for',
  'feedback.replied': 'wrote again in the feedback of',
  'feedback.answered': 'answered feedback of',
  'feedback.closed': 'closed feedback of',
  'feedback.reopened': 'reopened feedback of',
  'feedback.noted': 'kept a note on feedback of',
  'connection.started': 'connected to',
  'connection.ended': 'disconnected from',
  'account.edited': 'changed the own profile of',
  'account.activated': 'activated the own account of',
  'account.password-forgotten': 'asked for a new password of',
  'account.password-recovered': 'chose, by a mailed link, a new password of',
  'account.email-change-asked': 'asked for another address for',
  'account.email-change-cancelled': 'took back the change of address of',
  'account.email-changed': 'changed the own address of',
  'account.preferences-set': 'set the own preferences of',
  'account.deleted': 'deleted the own account of',
  'account.password-changed': 'changed the own password of',
  'account.letters-chosen': 'chose the own letters of',
  'letter.resent': 'sent a letter again to',
  'letter.link-copied': 'copied a mailed link of',
  'letter.resent-outside': 'sent a letter again to somebody without an account',
  'mail.tested': 'sent a test mail as',
  'account.two-factor-on': 'turned two-factor on for',
  'account.two-factor-off': 'turned two-factor off for',
  'account.app-changed': 'changed the authenticator app of',
  'account.recovery-codes-made': 'made new recovery codes for',
  'account.passkey-added': 'added a passkey for',
  'account.passkey-renamed': 'renamed a passkey of',
  'account.passkey-removed': 'removed a passkey of',
  'user.two-factor-reset': 'reset two-factor of',
  'session.started': 'signed in as',
  'session.ended': 'signed out',
  'session.one-ended': 'ended a session of',
  'session.all-ended': 'ended sessions of',
  'browser.forgotten': 'forgot a browser of',
  'session.confirmed': 'confirmed being',
  'sign-in.failed': 'failed to sign in as',
  'announcement.written': 'wrote an announcement',
  'announcement.edited': 'edited an announcement',
  'announcement.deleted': 'deleted the draft of an announcement',
  'announcement.sent': 'sent an announcement',
  'announcement.stopped': 'stopped an announcement',
  'announcement.resumed': 'went on sending an announcement',
  'announcement.withdrawn': 'withdrew an announcement',
  'settings.changed': 'changed settings',
  'settings.undone': 'undid a change of settings',
  'user.dormancy-warned': 'warned, as nobody signs in,',
  'access.denied': 'was refused a page',
} as const;

/** Every act that the history knows. */
export type RecordedAct = keyof typeof actVerbs;

/** The words for an act as it was recorded; one that an older release wrote stands for itself. */
export const verbOf = (act: string): string => (Object.hasOwn(actVerbs, act) ? actVerbs[act as RecordedAct] : act);
