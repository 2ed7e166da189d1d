import type { Act } from '../access/acts.ts';
import type { ManyAct } from '../users/act.ts';
import { moveAct } from '../users/states.ts';
import { unlockAct } from '../users/unlock.ts';
import type { Upon } from './bulk.ts';

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
  /** A word to be typed before what cannot be taken back. */
  typedWord?: string;
};

export type BulkActs = ReadonlyMap<string, BulkAct>;

/** Every act upon many users, in the order of the buttons. Adding one is adding it here. */
export function bulkActs(): BulkActs {
  const offers: Offer[] = [
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
      act: 'export users',
      button: 'Export',
      icon: 'download',
      verbs: ['Export', 'exported'],
      says: 'A CSV file that an import takes again, without passwords. That it was given out is noted in the history.',
    },
  ];
  const acts = offers.map((offer): BulkAct => ({ upon: 'live', act: 'many' in offer ? offer.many.act : offer.act, ...offer }));
  return new Map(acts.map((act) => [act.act, act]));
}

type Words = Omit<BulkAct, 'act' | 'many' | 'upon'> & { upon?: Upon };
type Offer = Words & ({ many: ManyAct } | { act: Act });
