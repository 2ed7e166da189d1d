import type { Act } from '../access/acts.ts';
import type { ManyAct } from '../users/act.ts';
import type { Belonging } from '../users/belongings.ts';
import { expiryAct } from '../users/expiry.ts';
import { profileAct } from '../users/profile.ts';
import { deleteAct, purgeAct } from '../users/remove.ts';
import { restoreAct } from '../users/restore.ts';
import { moveAct } from '../users/states.ts';
import { unlockAct } from '../users/unlock.ts';
import type { Upon } from './bulk.ts';
import { type Foresee, foreseeLastAdministrator, foreseeRestoring } from './foresee.ts';

/** An act as it is offered upon many users. */
export type BulkAct = {
  /** What can() is asked, and its name in forms. */
  act: Act;
  /** How it is done; nothing where the users are only given out. */
  many?: ManyAct;
  upon: Upon;
  button: string;
  icon: string;
  /** “Suspend 12 users”, “12 users suspended”. */
  verbs: [now: string, done: string];
  /** What is true of each of them afterwards. */
  says: string;
  isDangerous?: true;
  /** What goes with the users, to be counted before. */
  goesWith?: readonly Belonging[];
  /** Who is refused only because of the others. */
  foresee?: Foresee;
  /** A word to be typed before what cannot be taken back. */
  typedWord?: string;
};

export type BulkActs = ReadonlyMap<string, BulkAct>;

/** Every act upon many users, in the order of the buttons. Adding one is adding it here. */
export function bulkActs(belongings: readonly Belonging[]): BulkActs {
  const offers = [...letInAndOut, removal(belongings), ...others, ...forDeleted(belongings)];
  const acts = offers.map(complete);
  return new Map(acts.map((act) => [act.act, act]));
}

const letInAndOut: Offer[] = [
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
  says: 'They can no longer sign in, and are listed as deleted: there they can be restored, until the days for that are over.',
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
    many: restoreAct,
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
    isDangerous: true,
  },
];

type Words = Omit<BulkAct, 'act' | 'many' | 'upon'> & { upon?: Upon };
type Offer = Words & ({ many: ManyAct } | { act: Act });

/** What ends administrators is tried with all of them together, see `rehearse`. */
const complete = (offer: Offer): BulkAct => ({
  upon: 'live',
  act: 'many' in offer ? offer.many.act : offer.act,
  ...('many' in offer && offer.many.mayEndAdministrators ? { foresee: foreseeLastAdministrator } : {}),
  ...offer,
});
