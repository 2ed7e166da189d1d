import { announcementBelonging } from './announcements/belonging.ts';
import { balanceBelonging } from './balance/belonging.ts';
import { bulkBelonging } from './bulk/belonging.ts';
import { feedbackBelonging } from './feedback/belonging.ts';
import { importBelonging } from './imports/belonging.ts';
import { invitationBelonging } from './invitations/belonging.ts';
import { passkeyBelonging } from './passkeys/passkeys.ts';
import { renewalBelonging } from './tariffs/renewals.ts';
import { shareBelonging, thingBelongings } from './things/belonging.ts';
import { type Belonging, ownBelongings } from './users/belongings.ts';

/** Everything that goes with a user, of all rooms. */
export const belongings: readonly Belonging[] = [
  ...thingBelongings,
  shareBelonging,
  feedbackBelonging,
  renewalBelonging,
  ...ownBelongings,
  passkeyBelonging,
  balanceBelonging,
  invitationBelonging,
  announcementBelonging,
  importBelonging,
  bulkBelonging,
];
