import * as account from './account/account.pages.ts';
import * as ownLetters from './account/mail.pages.ts';
import * as password from './account/password.pages.ts';
import * as preferences from './account/preferences.pages.ts';
import { ownRemovalPages, showDeleted } from './account/remove.pages.ts';
import * as ownSessions from './account/sessions.pages.ts';
import { belongings } from './belongings.ts';
import { openLink } from './links/links.pages.ts';
import * as passkeys from './passkeys/passkeys.pages.ts';
import * as activate from './recovery/activate.pages.ts';
import * as forgotten from './recovery/forgotten.pages.ts';
import * as recovery from './recovery/reset.pages.ts';
import * as registration from './registration/registration.pages.ts';
import { confirmIdentity, postConfirm, postConfirmChallenge, showConfirm } from './signin/confirm.pages.ts';
import * as secondStep from './signin/secondstep.pages.ts';
import { postSetup, showSetup } from './signin/setup.pages.ts';
import { postSignIn, postSignInChallenge, postSignOut, showSignIn } from './signin/signin.pages.ts';
import { codePages, postCodesFile } from './twofactor/codes.pages.ts';
import { appPages, showTwoFactor } from './twofactor/twofactor.pages.ts';
import { postStrength } from './users/strength.pages.ts';
import { postCancelChange, postResendChange } from './verification/change.pages.ts';
import { postOwnResend } from './verification/resend.pages.ts';
import * as verification from './verification/verification.pages.ts';

import type { Route } from './web/route.ts';

const composed = { confirmIdentity, belongings };
const app = appPages(composed);
const codes = codePages(composed);
const passkey = passkeys.removalPages(composed);
const ownRemoval = ownRemovalPages(composed);

/** Coming in, and everything about the own account. */
export const ownRoutes: readonly Route[] = [
  ['get', '/sign-in', 'come in', showSignIn],
  ['post', '/sign-in', 'come in', postSignIn],
  ['post', '/sign-in/challenge', 'come in', postSignInChallenge],
  ['get', '/two-factor', 'come in', secondStep.showSecondStep],
  ['post', '/two-factor', 'come in', secondStep.postSecondStep],
  ['post', '/two-factor/challenge', 'come in', secondStep.postSecondStepChallenge],
  ['post', '/sign-out', 'sign out', postSignOut],
  ['get', '/setup', 'come in', showSetup],
  ['post', '/setup', 'come in', postSetup],
  ['get', '/activate', 'recover account', activate.showActivate],
  ['post', '/activate', 'recover account', activate.postActivate],
  ['post', '/activate/again', 'recover account', activate.postAgain],
  ['get', '/activate/sent', 'recover account', activate.showSent],
  ['get', '/activate/:token', 'recover account', activate.openActivation],
  ['get', '/forgot-password', 'recover account', forgotten.showForgotten],
  ['post', '/forgot-password', 'recover account', forgotten.postForgotten],
  ['get', '/reset-password', 'recover account', recovery.showReset],
  ['post', '/reset-password', 'recover account', recovery.postReset],
  ['get', '/reset-password/:token', 'recover account', recovery.openReset],
  ['post', '/password-strength', 'choose password', postStrength],
  ['get', '/register', 'register', registration.showRegister],
  ['post', '/register', 'register', registration.postRegister],
  ['get', '/register/done', 'register', registration.showRegistered],
  ['get', '/verify-email', 'verify address', verification.showVerify],
  ['post', '/verify-email', 'verify address', verification.postVerify],
  ['post', '/verify-email/again', 'verify address', verification.postAgain],
  ['get', '/verify-email/done', 'verify address', verification.showSaid('done')],
  ['get', '/verify-email/already', 'verify address', verification.showSaid('already')],
  ['get', '/verify-email/sent', 'verify address', verification.showSaid('sent')],
  ['get', '/verify-email/:token', 'verify address', openLink('verification')],
  ['get', '/confirm', 'confirm own identity', showConfirm],
  ['post', '/confirm', 'confirm own identity', postConfirm],
  ['post', '/confirm/challenge', 'confirm own identity', postConfirmChallenge],
  ['post', '/theme', 'choose theme', account.postTheme],

  ['get', '/account', 'see own account', account.showAccount],
  ['post', '/account', 'change own profile', account.postAccount],
  ['post', '/account/verification', 'verify own address', postOwnResend],
  ['post', '/account/email-change', 'change own profile', postResendChange],
  ['post', '/account/email-change/cancel', 'change own profile', postCancelChange],
  ['get', '/account/password', 'change own password', password.showPassword],
  ['post', '/account/password', 'change own password', password.postPassword],
  ['get', '/account/two-factor', 'change own two-factor', showTwoFactor],
  ['get', '/account/two-factor/app', 'change own two-factor', app.showSetUp],
  ['post', '/account/two-factor/app', 'change own two-factor', app.postSetUp],
  ['get', '/account/two-factor/app/remove', 'change own two-factor', app.showRemove],
  ['post', '/account/two-factor/app/remove', 'change own two-factor', app.postRemove],
  ['get', '/account/two-factor/codes', 'change own two-factor', codes.showCodes],
  ['post', '/account/two-factor/codes', 'change own two-factor', codes.postCodes],
  ['post', '/account/two-factor/codes.txt', 'change own two-factor', postCodesFile],
  ['get', '/account/passkeys', 'change own passkeys', passkeys.showPasskeys],
  ['get', '/account/passkeys/new', 'change own passkeys', passkeys.showNew],
  ['post', '/account/passkeys/new', 'change own passkeys', passkeys.postNew],
  ['post', '/account/passkeys/challenge', 'change own passkeys', passkeys.postNewChallenge],
  ['get', '/account/passkeys/:id', 'change own passkeys', passkeys.showPasskey],
  ['post', '/account/passkeys/:id', 'change own passkeys', passkeys.postPasskey],
  ['get', '/account/passkeys/:id/remove', 'change own passkeys', passkey.showRemove],
  ['post', '/account/passkeys/:id/remove', 'change own passkeys', passkey.postRemove],
  ['get', '/account/sessions', 'end own sessions', ownSessions.showSessions],
  ['post', '/account/sessions', 'end own sessions', ownSessions.postSessions],
  ['get', '/account/mail', 'choose own letters', ownLetters.showLetters],
  ['post', '/account/mail', 'choose own letters', ownLetters.postLetters],
  ['get', '/account/preferences', 'change own preferences', preferences.showPreferences],
  ['post', '/account/preferences', 'change own preferences', preferences.postPreferences],
  ['get', '/account/delete', 'delete own account', ownRemoval.showDelete],
  ['post', '/account/delete', 'delete own account', ownRemoval.postDelete],
  ['get', '/account-deleted', 'come in', showDeleted],
  ['post', '/account/browsers', 'forget own browsers', ownSessions.postBrowsers],
];
