import type { Request, RequestHandler } from 'express';
import type { Act } from './access/acts.ts';
import { can } from './access/can.ts';
import * as account from './account/account.pages.ts';
import * as ownLetters from './account/mail.pages.ts';
import * as password from './account/password.pages.ts';
import * as ownSessions from './account/sessions.pages.ts';
import { belongings } from './belongings.ts';
import { bulkActs } from './bulk/acts.ts';
import { bulkPages } from './bulk/bulk.pages.ts';
import * as select from './bulk/select.pages.ts';
import { foresee } from './dormancy/foresee.ts';
import { showHistoryExport } from './history/export.pages.ts';
import * as history from './history/history.pages.ts';
import type { Happening } from './history/timeline.ts';
import * as imports from './imports/imports.pages.ts';
import * as accept from './invitations/accept.pages.ts';
import * as invitationActs from './invitations/acts.pages.ts';
import { showInvitations } from './invitations/list.pages.ts';
import * as inviting from './invitations/new.pages.ts';
import { showInvitation } from './invitations/show.pages.ts';
import * as invitationsUndo from './invitations/undo.pages.ts';
import { openLink } from './links/links.pages.ts';
import * as mail from './mail/mail.pages.ts';
import * as testMail from './mail/test.pages.ts';
import * as passkeys from './passkeys/passkeys.pages.ts';
import * as activate from './recovery/activate.pages.ts';
import * as forgotten from './recovery/forgotten.pages.ts';
import * as recovery from './recovery/reset.pages.ts';
import * as registration from './registration/registration.pages.ts';
import { settingsPages } from './settings/settings.pages.ts';
import * as settingsUndo from './settings/undo.pages.ts';
import * as check from './signin/check.pages.ts';
import { confirmIdentity, postConfirm, postConfirmChallenge, showConfirm } from './signin/confirm.pages.ts';
import * as secondStep from './signin/secondstep.pages.ts';
import { postSetup, showSetup } from './signin/setup.pages.ts';
import { postSignIn, postSignInChallenge, postSignOut, showSignIn } from './signin/signin.pages.ts';
import { codePages, postCodesFile } from './twofactor/codes.pages.ts';
import { resetPages } from './twofactor/reset.pages.ts';
import { appPages, showTwoFactor } from './twofactor/twofactor.pages.ts';
import { postActivation } from './users/activation.pages.ts';
import * as add from './users/add.pages.ts';
import { postColumns } from './users/columns.pages.ts';
import * as edit from './users/edit.pages.ts';
import { showUsersExport } from './users/export.pages.ts';
import { readPlaces } from './users/limit.ts';
import * as list from './users/list.pages.ts';
import { showUserMail } from './users/mail.pages.ts';
import { removalPages } from './users/remove.pages.ts';
import * as reset from './users/reset.pages.ts';
import * as show from './users/show.pages.ts';
import * as state from './users/states.pages.ts';
import { postStrength } from './users/strength.pages.ts';
import { canBeUndone, postUndo } from './users/undo.pages.ts';
import * as views from './users/views.pages.ts';
import { postCancelChange, postResendChange } from './verification/change.pages.ts';
import { postOwnResend, postResend, showResend } from './verification/resend.pages.ts';
import * as verification from './verification/verification.pages.ts';
import { multipart } from './web/multipart.ts';

/** Where a page is, which act it needs, and who answers; what stands before the last one reads the body for it. */
export type Route = readonly ['get' | 'post', string, Act, ...RequestHandler[]];

const start: RequestHandler = (req, res) => res.redirect(303, can(req.actor, 'see users') ? '/users' : '/account');

const composed = { confirmIdentity, belongings };
const removal = removalPages(composed);
const app = appPages(composed);
const codes = codePages(composed);
const twoFactor = resetPages(composed);
const passkey = passkeys.removalPages(composed);
const acts = bulkActs(belongings);
const bulk = bulkPages({ acts, confirmIdentity });
const selection = select.offerSelection(acts);
const settings = settingsPages({ confirmIdentity, readPlaces, foresee });
const undoInvitation = invitationsUndo.postUndoOr({ confirmIdentity, otherwise: postUndo(composed) });
const undo = settingsUndo.postUndoOr({ confirmIdentity, otherwise: undoInvitation });

/** Beside which acts of the whole history its reader gets a button. */
const undoable = async (req: Request, happenings: Happening[]) =>
  new Set([
    ...(await canBeUndone(req, happenings)),
    ...(await invitationsUndo.canBeUndone(req, happenings)),
    ...(await settingsUndo.canBeUndone(req, happenings)),
  ]);

/** The table of contents: every address there is. */
export const routes: readonly Route[] = [
  ['get', '/', 'see own start page', start],
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

  ['get', '/users', 'see users', list.showUsers(selection)],
  ['get', '/users/count', 'see users', list.showCount],
  ['get', '/users/deleted', 'see users', list.showDeleted(selection)],
  ['post', '/users/columns', 'choose columns', postColumns],
  ['get', '/users/views', 'save views', views.showViews],
  ['post', '/users/views', 'save views', views.postView],
  ['get', '/users/views/counts', 'save views', views.showCounts],
  ['get', '/users/views/new', 'save views', views.showNewView],
  ['get', '/users/views/:id', 'save views', views.showView],
  ['post', '/users/views/:id', 'save views', views.postChange],
  ['post', '/users/views/:id/query', 'save views', views.postQuery],
  ['get', '/users/views/:id/delete', 'save views', views.showDeleteView],
  ['post', '/users/views/:id/delete', 'save views', views.postDeleteView],
  ['get', '/users/new', 'add user', add.showAdd],
  ['post', '/users/new', 'add user', add.postAdd(confirmIdentity)],
  ['get', '/users/export.csv', 'export users', showUsersExport],
  ['get', '/users/import', 'import users', imports.showImports],
  ['post', '/users/import', 'import users', multipart, imports.postImport],
  ['get', '/users/import/:id', 'import users', imports.showImport],
  ['post', '/users/import/:id/columns', 'import users', imports.postColumns],
  ['post', '/users/import/:id/run', 'import users', imports.postRun],
  ['post', '/users/import/:id/stop', 'import users', imports.postStop],
  ['get', '/users/import/:id/rejected.csv', 'import users', imports.rejectedFile],
  ['get', '/users/bulk', 'act in bulk', select.showBulks(acts)],
  ['post', '/users/bulk', 'act in bulk', multipart, select.postBulk(acts)],
  ['get', '/users/bulk/:id', 'act in bulk', bulk.showBulk],
  ['post', '/users/bulk/:id/answer', 'act in bulk', bulk.postAnswer],
  ['post', '/users/bulk/:id/run', 'act in bulk', bulk.postRun],
  ['post', '/users/bulk/:id/stop', 'act in bulk', bulk.postStop],
  ['post', '/users/bulk/:id/undo', 'undo act', bulk.postUndo],
  ['get', '/users/bulk/:id/report.csv', 'act in bulk', bulk.reportFile],
  ['get', '/users/bulk/:id/users.csv', 'export users', bulk.exportFile],
  ['get', '/users/:username', 'see users', show.showUser],
  ['get', '/users/:username/details', 'see users', show.showDetails],
  ['get', '/users/:username/menu', 'see users', show.showMenu],
  ['get', '/users/:username/edit', 'edit user', edit.showEdit],
  ['post', '/users/:username/edit', 'edit user', edit.postEdit(confirmIdentity)],
  ['get', '/users/:username/sessions', 'see users', show.showSessions],
  ['post', '/users/:username/sessions', 'end sessions', show.endUserSessions],
  ['get', '/users/:username/mail', 'see mail', showUserMail],
  ['get', '/users/:username/history', 'see history', show.showHistory],
  ['post', '/users/:username/activation-email', 'send activation email', postActivation],
  ['get', '/users/:username/activate', 'activate user', state.showMove('activate')],
  ['post', '/users/:username/activate', 'activate user', state.postMove('activate')],
  ['get', '/users/:username/approve', 'approve user', state.showMove('approve')],
  ['post', '/users/:username/approve', 'approve user', state.postMove('approve')],
  ['get', '/users/:username/reject', 'reject user', state.showMove('reject')],
  ['post', '/users/:username/reject', 'reject user', state.postMove('reject')],
  ['get', '/users/:username/flag', 'flag user', state.showMove('flag')],
  ['post', '/users/:username/flag', 'flag user', state.postMove('flag')],
  ['get', '/users/:username/deactivate', 'deactivate user', state.showMove('deactivate')],
  ['post', '/users/:username/deactivate', 'deactivate user', state.postMove('deactivate')],
  ['get', '/users/:username/suspend', 'suspend user', state.showMove('suspend')],
  ['post', '/users/:username/suspend', 'suspend user', state.postMove('suspend')],
  ['get', '/users/:username/resend-verification', 'resend verification', showResend],
  ['post', '/users/:username/resend-verification', 'resend verification', postResend],
  ['get', '/users/:username/unlock', 'unlock user', state.showUnlock],
  ['post', '/users/:username/unlock', 'unlock user', state.postUnlock],
  ['get', '/users/:username/sign-in-check', 'check sign-in', check.showCheck],
  ['post', '/users/:username/clear-tries', 'clear tries', check.postClearTries],
  ['get', '/users/:username/reset-password', 'reset password', reset.showReset],
  ['post', '/users/:username/reset-password', 'reset password', reset.postReset],
  ['get', '/users/:username/reset-two-factor', 'reset two-factor', twoFactor.showReset],
  ['post', '/users/:username/reset-two-factor', 'reset two-factor', twoFactor.postReset],
  ['get', '/users/:username/delete', 'delete user', removal.showDelete],
  ['post', '/users/:username/delete', 'delete user', removal.postDelete],
  ['get', '/users/:username/restore', 'restore user', removal.showRestore],
  ['post', '/users/:username/restore', 'restore user', removal.postRestore],
  ['get', '/users/:username/purge', 'purge user', removal.showPurge],
  ['post', '/users/:username/purge', 'purge user', removal.postPurge],

  ['get', '/invitations', 'see invitations', showInvitations],
  ['get', '/invitations/new', 'invite user', inviting.showNew],
  ['post', '/invitations', 'invite user', multipart, inviting.postNew(confirmIdentity)],
  ['get', '/invitations/accept', 'come in', accept.showAccept],
  ['post', '/invitations/accept', 'come in', accept.postAccept],
  ['post', '/invitations/accept/again', 'come in', accept.postAsk],
  ['get', '/invitations/accept/:token', 'come in', accept.openInvitation],
  ['get', '/invitations/:id', 'see invitations', showInvitation],
  ['post', '/invitations/:id/resend', 'resend invitation', invitationActs.postResend],
  ['post', '/invitations/:id/copy-link', 'copy invitation link', invitationActs.postCopyLink(confirmIdentity)],
  ['get', '/invitations/:id/revoke', 'revoke invitation', invitationActs.showRevoke],
  ['post', '/invitations/:id/revoke', 'revoke invitation', invitationActs.postRevoke],

  ['get', '/history', 'see history', history.showHistory(undoable)],
  ['get', '/history/export.csv', 'see history', showHistoryExport],
  ['get', '/mail', 'see mail', mail.showMail],
  ['get', '/mail/:id', 'see mail', mail.showLetter],
  ['post', '/mail/:id/resend', 'resend mail', mail.postResend],
  ['post', '/mail/:id/copy-link', 'copy link', mail.postCopyLink],
  ['get', '/settings/test-mail', 'change settings', testMail.showTestMail],
  ['post', '/settings/test-mail', 'change settings', testMail.postTestMail],
  ['post', '/undo/:act', 'undo act', undo],

  ['get', '/settings', 'see settings', settings.showSettings],
  ['post', '/settings', 'change settings', settings.postSettings],
];
