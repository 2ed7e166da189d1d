import type { RequestHandler } from 'express';
import { can } from './access/can.ts';
import { readLastProof } from './balance/proof.ts';
import { belongings } from './belongings.ts';
import { bulkActs } from './bulk/acts.ts';
import { bulkPages } from './bulk/bulk.pages.ts';
import * as select from './bulk/select.pages.ts';
import { foresee } from './dormancy/foresee.ts';
import { showHistoryExport } from './history/export.pages.ts';
import * as history from './history/history.pages.ts';
import { postUndo } from './history/undo.pages.ts';
import * as imports from './imports/imports.pages.ts';
import * as accept from './invitations/accept.pages.ts';
import * as invitationActs from './invitations/acts.pages.ts';
import { showInvitations } from './invitations/list.pages.ts';
import * as inviting from './invitations/new.pages.ts';
import { showInvitation } from './invitations/show.pages.ts';
import * as mail from './mail/mail.pages.ts';
import * as testMail from './mail/test.pages.ts';
import { showOverview } from './overview/overview.pages.ts';
import { contactRoutes } from './routes.contact.ts';
import { feedbackRoutes } from './routes.feedback.ts';
import { ownRoutes } from './routes.own.ts';
import { statementRoutes } from './routes.statement.ts';
import { tariffsRoutes } from './routes.tariffs.ts';
import { thingsRoutes } from './routes.things.ts';
import { settingsPages } from './settings/settings.pages.ts';
import * as check from './signin/check.pages.ts';
import { confirmIdentity } from './signin/confirm.pages.ts';
import { resetPages } from './twofactor/reset.pages.ts';
import { undoable, undoers } from './undoers.ts';
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
import * as userSessions from './users/sessions.pages.ts';
import * as show from './users/show.pages.ts';
import * as state from './users/states.pages.ts';
import * as views from './users/views.pages.ts';
import { postResend, showResend } from './verification/resend.pages.ts';
import { multipart } from './web/multipart.ts';
import type { Route } from './web/route.ts';

export type { Route } from './web/route.ts';

const start: RequestHandler = (req, res) => {
  if (can(req.actor, 'see overview')) return showOverview(req, res);
  res.redirect(303, can(req.actor, 'see own sections') ? '/my' : '/account');
};

const composed = { confirmIdentity, belongings };
const removal = removalPages(composed);
const twoFactor = resetPages(composed);
const acts = bulkActs(belongings);
const bulk = bulkPages({ acts, confirmIdentity });
const selection = select.offerSelection(acts);
const settings = settingsPages({ confirmIdentity, readPlaces, foresee, readLastProof });

/** The table of contents: every address there is. */
export const routes: readonly Route[] = [
  ['get', '/', 'see own start page', start],
  ...ownRoutes,

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
  ['get', '/users/:username/sessions', 'see users', userSessions.showSessions],
  ['post', '/users/:username/sessions', 'end sessions', userSessions.endUserSessions],
  ['post', '/users/:username/browsers', 'forget browsers', userSessions.forgetUserBrowser],
  ['get', '/users/:username/mail', 'see mail', showUserMail],
  ['get', '/users/:username/history', 'see history', show.showHistory(undoable)],
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
  ['post', '/users/:username/reset-password', 'reset password', reset.postReset(confirmIdentity)],
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
  ['get', '/invitations/:id', 'see invitations', showInvitation(undoable)],
  ['post', '/invitations/:id/resend', 'resend invitation', invitationActs.postResend],
  ['post', '/invitations/:id/copy-link', 'copy invitation link', invitationActs.postCopyLink(confirmIdentity)],
  ['get', '/invitations/:id/revoke', 'revoke invitation', invitationActs.showRevoke],
  ['post', '/invitations/:id/revoke', 'revoke invitation', invitationActs.postRevoke],
  ...thingsRoutes,
  ...feedbackRoutes,
  ...statementRoutes,
  ...tariffsRoutes,
  ...contactRoutes,

  ['get', '/history', 'see history', history.showHistory(undoable)],
  ['get', '/history/export.csv', 'see history', showHistoryExport],
  ['get', '/mail', 'see mail', mail.showMail],
  ['get', '/mail/:id', 'see mail', mail.showLetter],
  ['post', '/mail/:id/resend', 'resend mail', mail.postResend],
  ['post', '/mail/:id/copy-link', 'copy link', mail.postCopyLink],
  ['get', '/settings/test-mail', 'change settings', testMail.showTestMail],
  ['post', '/settings/test-mail', 'change settings', testMail.postTestMail],
  ['post', '/undo/:act', 'undo act', postUndo({ undoers, confirmIdentity })],

  ['get', '/settings', 'see settings', settings.showSettings],
  ['post', '/settings', 'change settings', settings.postSettings],
];
