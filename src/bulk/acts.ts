import type { Actor } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import type { Trx } from '../ground/database.ts';
import type { Settings } from '../settings/settings.ts';
import { actUponMany, type ManyAct, type Outcome } from '../users/act.ts';
import { activationAct } from '../users/activation.ts';
import type { Belonging } from '../users/belongings.ts';
import { expiryAct } from '../users/expiry.ts';
import { addToGroupAct } from '../users/groups.ts';
import { profileAct } from '../users/profile.ts';
import { deleteAct, purgeAct } from '../users/remove.ts';
import { restoreAct } from '../users/restore.ts';
import { moveAct } from '../users/states.ts';
import { unlockAct } from '../users/unlock.ts';
import { readForm } from '../web/form.ts';
import type { Bulk, Upon } from './bulk.ts';
import { type Foresee, foreseeLastAdministrator, foreseeRestoring } from './foresee.ts';
import { undoes } from './undo.ts';

/** An act as it is offered upon many users. */
export type BulkAct = {
  /** What can() is asked, and its name in forms. */
  act: Act;
  /** What it is upon one of them; an undoing is something else upon each. */
  many?: ManyAct;
  /** How it is done to some of them; nothing where the users are only given out. */
  does?: Does;
  /** In which list it is offered; null in none. */
  upon: Upon | null;
  button: string;
  icon: string;
  /** “Suspend 12 users”, “12 users suspended”. */
  verbs: [now: string, done: string];
  /** What is true of each of them afterwards. */
  says: string | ((settings: Settings) => string);
  isDangerous?: true;
  /** What goes with the users, to be counted before. */
  goesWith?: readonly Belonging[];
  /** Who is refused only because of the others. */
  foresee?: Foresee;
  /** A word to be typed first. */
  typedWord?: string;
  hasNoWayBack?: true;
  /** True where undoing it may make administrators. */
  undoNeedsProof?: true;
};

/** One of the users, with the act upon it that is to be undone where that is meant. */
export type Row = { userId: number; historyId: number | null };
export type Does = (trx: Trx, by: Actor, bulk: Bulk, rows: Row[]) => Promise<Outcome[]>;

export type BulkActs = ReadonlyMap<string, BulkAct>;

/** Every act upon many users, in the order of the buttons. Adding one is adding it here. */
export function bulkActs(belongings: readonly Belonging[]): BulkActs {
  const offers = [...letInAndOut, removal(belongings), ...others, ...forDeleted(belongings), undoing(belongings)];
  const acts = offers.map(complete);
  return new Map(acts.map((act) => [act.act, act]));
}

const letInAndOut: Offer[] = [
  {
    many: activationAct,
    button: 'Send Activation Email',
    icon: 'mail',
    verbs: ['Send activation mails to', 'are sent an activation mail'],
    says: ({ outgoingMail }) =>
      outgoingMail
        ? 'Each gets a link by mail that works for 7 days; who was Inactive is Invited until then. The mails go at once.'
        : 'Outgoing mail is off: each gets a link that you copy from its page. Who was Inactive is Invited until it is used.',
  },
  {
    many: moveAct('activate'),
    button: 'Activate User',
    icon: 'user-check',
    verbs: ['Activate', 'activated'],
    says: 'They can sign in again and use everything their profiles allow.',
  },
  {
    many: moveAct('deactivate'),
    button: 'Deactivate User',
    icon: 'user-x',
    verbs: ['Deactivate', 'deactivated'],
    says: 'They can no longer sign in, and every open session ends now. You can activate the accounts again.',
    isDangerous: true,
  },
];

const removal = (belongings: readonly Belonging[]): Offer => ({
  many: deleteAct(belongings),
  button: 'Remove User',
  icon: 'trash-2',
  verbs: ['Remove', 'removed'],
  says: ({ restoreDays }) =>
    `They can no longer sign in. They can be restored for ${restoreDays} days; their usernames stay reserved until they are purged.`,
  goesWith: belongings.filter(({ end }) => end),
  isDangerous: true,
});

const others: Offer[] = [
  {
    many: moveAct('suspend'),
    button: 'Suspend',
    icon: 'ban',
    verbs: ['Suspend', 'suspended'],
    says: 'They can sign in, but see only their own profile and your reason. Every open session ends now.',
    isDangerous: true,
  },
  {
    many: unlockAct,
    button: 'Unlock',
    icon: 'lock-open',
    verbs: ['Unlock', 'unlocked'],
    says: 'The locks that failed sign-ins have put on them are lifted.',
  },
  {
    many: profileAct,
    button: 'Set profile',
    icon: 'shield-check',
    verbs: ['Set the profile of', 'given another profile'],
    says: 'What they may do changes with their next click.',
    undoNeedsProof: true,
  },
  {
    many: addToGroupAct,
    button: 'Add to group',
    icon: 'layers',
    verbs: ['Add to a group', 'added to a group'],
    says: 'Whoever was in no group saw all things, or none, and sees those of the group from now on; the others see these too.',
  },
  {
    many: expiryAct,
    button: 'Set expiry',
    icon: 'calendar',
    verbs: ['Set the expiry of', 'given another day of expiry'],
    says: 'After that day they cannot sign in.',
  },
  {
    act: 'export users',
    button: 'Export',
    icon: 'download',
    verbs: ['Export', 'exported'],
    says: 'A CSV file that an import takes again, without passwords. That it was given out is noted in the history.',
  },
];

const forDeleted = (belongings: readonly Belonging[]): Offer[] => [
  {
    many: restoreAct(belongings),
    upon: 'deleted',
    button: 'Restore',
    icon: 'rotate-ccw',
    verbs: ['Restore', 'restored'],
    says: 'They come back in the states they had, and can sign in as these allow.',
    foresee: foreseeRestoring,
  },
  {
    many: purgeAct(belongings),
    upon: 'deleted',
    button: 'Purge',
    icon: 'eraser',
    verbs: ['Purge', 'purged'],
    says: 'This erases their personal data for good. It cannot be undone or restored. Their usernames become free.',
    typedWord: 'purge',
    hasNoWayBack: true,
    isDangerous: true,
  },
];

const undoing = (belongings: readonly Belonging[]): Offer => ({
  act: 'undo act',
  upon: null,
  does: undoes(belongings),
  button: 'Undo',
  icon: 'undo-2',
  verbs: ['Undo it for', 'put back as they were'],
  says: 'What was done to them is taken back. Sessions that it ended do not come back.',
  hasNoWayBack: true,
});

type Words = Omit<BulkAct, 'act' | 'many' | 'upon'> & { upon?: Upon | null };
type Offer = Words & ({ many: ManyAct } | { act: Act });

function complete(offer: Offer): BulkAct {
  if (!('many' in offer)) return { upon: 'live', ...offer };
  const { many } = offer;
  const foresee = many.mayEndAdministrators ? { foresee: foreseeLastAdministrator } : {};
  return { upon: 'live', act: many.act, does: doesToMany(many), ...foresee, ...offer };
}

const doesToMany =
  (many: ManyAct): Does =>
  (trx, by, { input, mailsUsers }, rows) =>
    actUponMany(
      trx,
      by,
      many,
      rows.map(({ userId }) => userId),
      readForm(input, many.shape),
      mailsUsers ? 'after undo' : 'none',
    );
