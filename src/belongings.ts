import { announcementBelonging } from './announcements/belonging.ts';
import { bulkBelonging } from './bulk/belonging.ts';
import { importBelonging } from './imports/belonging.ts';
import { invitationBelonging } from './invitations/belonging.ts';
import { passkeyBelonging } from './passkeys/passkeys.ts';
import { shareBelonging, thingBelongings } from './things/belonging.ts';
import { type Belonging, ownBelongings } from './users/belongings.ts';

/** Everything that goes with a user, of all rooms. */
export const belongings: readonly Belonging[] = [
  ...thingBelongings,
  shareBelonging,
  ...ownBelongings,
  passkeyBelonging,
  invitationBelonging,
  announcementBelonging,
  importBelonging,
  bulkBelonging,
];
