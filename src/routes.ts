import type { Request, RequestHandler } from 'express';
import type { Act } from './access/acts.ts';
import { can } from './access/can.ts';
import * as account from './account/account.pages.ts';
import * as password from './account/password.pages.ts';
import * as ownSessions from './account/sessions.pages.ts';
import * as balance from './balance/balance.pages.ts';
import * as refill from './balance/refill.pages.ts';
import { belongings } from './belongings.ts';
import { bulkActs } from './bulk/acts.ts';
import { bulkPages } from './bulk/bulk.pages.ts';
import * as select from './bulk/select.pages.ts';
import * as connection from './connection/connect.pages.ts';
import { foresee } from './dormancy/foresee.ts';
import * as groups from './groups/groups.pages.ts';
import { showHistoryExport } from './history/export.pages.ts';
import * as history from './history/history.pages.ts';
import type { Happening } from './history/timeline.ts';
import * as imports from './imports/imports.pages.ts';
import { showStart as showMyStart } from './my/start.pages.ts';
import { showAccess } from './rights/rights.pages.ts';
import { settingsPages } from './settings/settings.pages.ts';
import * as settingsUndo from './settings/undo.pages.ts';
import * as check from './signin/check.pages.ts';
import { confirmIdentity, postConfirm, showConfirm } from './signin/confirm.pages.ts';
import { postSetup, showSetup } from './signin/setup.pages.ts';
import { postSignIn, postSignOut, showSignIn } from './signin/signin.pages.ts';
import { groupPages } from './things/group.pages.ts';
import { sections, sectionWords } from './things/kinds.ts';
import { showThings, showThingsCount } from './things/list.pages.ts';
import { postTransferAll, showOwned, showTransferAll } from './things/owned.pages.ts';
import { type Place, pathOf } from './things/place.pages.ts';
import { selectedPages } from './things/selected.pages.ts';
import { sharePages } from './things/share.pages.ts';
import { thingPages } from './things/thing.pages.ts';
import * as add from './users/add.pages.ts';
import { postColumns } from './users/columns.pages.ts';
import * as edit from './users/edit.pages.ts';
import { showUsersExport } from './users/export.pages.ts';
import { readPlaces } from './users/limit.ts';
import * as list from './users/list.pages.ts';
import { removalPages } from './users/remove.pages.ts';
import * as reset from './users/reset.pages.ts';
import * as show from './users/show.pages.ts';
import * as state from './users/states.pages.ts';
import { canBeUndone, postUndo } from './users/undo.pages.ts';
import * as views from './users/views.pages.ts';
import { multipart } from './web/multipart.ts';

/** Where a page is, which act it needs, and who answers; what stands before the last one reads the body for it. */
export type Route = readonly ['get' | 'post', string, Act, ...RequestHandler[]];

const start: RequestHandler = (req, res) => {
  if (can(req.actor, 'see users')) return res.redirect(303, '/users');
  res.redirect(303, can(req.actor, 'see own sections') ? '/my' : '/account');
};

const composed = { confirmIdentity, belongings };
const removal = removalPages(composed);
const acts = bulkActs(belongings);
const bulk = bulkPages({ acts, confirmIdentity });
const selection = select.offerSelection(acts);
const settings = settingsPages({ confirmIdentity, readPlaces, foresee });
const undo = settingsUndo.postUndoOr({ confirmIdentity, otherwise: postUndo(composed) });

/** Beside which acts of the whole history its reader gets a button. */
const undoable = async (req: Request, happenings: Happening[]) =>
  new Set([...(await canBeUndone(req, happenings)), ...(await settingsUndo.canBeUndone(req, happenings))]);

/** The addresses of the things of one list: for all of them, or under /my for the subject's own. */
const thingRoutes = (place: Place): Route[] => {
  const path = pathOf(place);
  const thing = thingPages(place);
  const share = sharePages(place);
  const selected = selectedPages(place);
  const see: Act = place.isOwn ? 'see own things' : 'see things';
  const change: Act = place.isOwn ? 'change own things' : 'change things';
  const giveAway: Act = place.isOwn ? 'change own things' : 'give away things';
  return [
    ['get', path, see, showThings(place)],
    ['get', `${path}/count`, see, showThingsCount(place)],
    ['get', `${path}/selected`, giveAway, selected.showSelected],
    ['post', `${path}/selected`, giveAway, selected.postSelected],
    ['get', `${path}/new`, change, thing.showAdd],
    ['post', `${path}/new`, change, thing.postAdd],
    ['get', `${path}/:id`, see, thing.show],
    ['get', `${path}/:id/edit`, change, thing.showEdit],
    ['post', `${path}/:id/edit`, change, thing.postEdit],
    ['get', `${path}/:id/delete`, giveAway, thing.showDelete],
    ['post', `${path}/:id/delete`, giveAway, thing.postDelete],
    ['get', `${path}/:id/share`, change, share.showShare],
    ['post', `${path}/:id/share`, change, share.postShare],
    ['post', `${path}/:id/unshare`, change, share.postUnshare],
    ['get', `${path}/:id/transfer`, giveAway, share.showTransfer],
    ['post', `${path}/:id/transfer`, giveAway, share.postTransfer],
  ];
};

/** The addresses of what is in a group, one list of things after the other. */
const groupRoutes = sections.flatMap((section): Route[] => {
  const path = `/groups/:id${sectionWords[section].path}`;
  const { showGroup, showPutIn, postPutIn } = groupPages(section);
  return [
    ['get', path, 'see groups', showGroup],
    ['get', `${path}/add`, 'manage groups', showPutIn],
    ['post', `${path}/add`, 'manage groups', postPutIn],
  ];
});

/** The table of contents: every address there is. */
export const routes: readonly Route[] = [
  ['get', '/', 'see own start page', start],
  ['get', '/sign-in', 'come in', showSignIn],
  ['post', '/sign-in', 'come in', postSignIn],
  ['post', '/sign-out', 'sign out', postSignOut],
  ['get', '/setup', 'come in', showSetup],
  ['post', '/setup', 'come in', postSetup],
  ['get', '/confirm', 'confirm own identity', showConfirm],
  ['post', '/confirm', 'confirm own identity', postConfirm],
  ['post', '/theme', 'choose theme', account.postTheme],

  ['get', '/account', 'see own account', account.showAccount],
  ['post', '/account', 'change own profile', account.postAccount],
  ['get', '/account/password', 'change own password', password.showPassword],
  ['post', '/account/password', 'change own password', password.postPassword],
  ['get', '/account/sessions', 'end own sessions', ownSessions.showSessions],
  ['post', '/account/sessions', 'end own sessions', ownSessions.postSessions],

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
  ['get', '/users/:username/access', 'see users', showAccess],
  ['get', '/users/:username/things', 'see users', showOwned],
  ['get', '/users/:username/things/transfer', 'transfer all things', showTransferAll],
  ['post', '/users/:username/things/transfer', 'transfer all things', postTransferAll],
  ['get', '/users/:username/details', 'see users', show.showDetails],
  ['get', '/users/:username/menu', 'see users', show.showMenu],
  ['get', '/users/:username/edit', 'edit user', edit.showEdit],
  ['post', '/users/:username/edit', 'edit user', edit.postEdit(confirmIdentity)],
  ['get', '/users/:username/sessions', 'see users', show.showSessions],
  ['post', '/users/:username/sessions', 'end sessions', show.endUserSessions],
  ['get', '/users/:username/history', 'see history', show.showHistory],
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
  ['get', '/users/:username/unlock', 'unlock user', state.showUnlock],
  ['post', '/users/:username/unlock', 'unlock user', state.postUnlock],
  ['get', '/users/:username/sign-in-check', 'check sign-in', check.showCheck],
  ['post', '/users/:username/clear-tries', 'clear tries', check.postClearTries],
  ['get', '/users/:username/reset-password', 'reset password', reset.showReset],
  ['post', '/users/:username/reset-password', 'reset password', reset.postReset],
  ['get', '/users/:username/connect', 'connect user', connection.showConnect],
  ['post', '/users/:username/connect', 'connect user', connection.postConnect(confirmIdentity)],
  ['get', '/users/:username/balance', 'see balance', balance.showBalance('user')],
  ['get', '/users/:username/balance/transactions/:id', 'see balance', balance.showReceipt('user')],
  ['get', '/users/:username/refill', 'refill balance', refill.showRefill],
  ['post', '/users/:username/refill', 'refill balance', refill.postRefill(confirmIdentity)],
  ['get', '/users/:username/transactions/:id/cancel', 'cancel transaction', refill.showCancel('user')],
  ['post', '/users/:username/transactions/:id/cancel', 'cancel transaction', refill.postCancel('user')],
  ['get', '/users/:username/delete', 'delete user', removal.showDelete],
  ['post', '/users/:username/delete', 'delete user', removal.postDelete],
  ['get', '/users/:username/restore', 'restore user', removal.showRestore],
  ['post', '/users/:username/restore', 'restore user', removal.postRestore],
  ['get', '/users/:username/purge', 'purge user', removal.showPurge],
  ['post', '/users/:username/purge', 'purge user', removal.postPurge],

  ['get', '/groups', 'see groups', groups.showGroups],
  ['get', '/groups/new', 'manage groups', groups.showNewGroup],
  ['post', '/groups/new', 'manage groups', groups.postNewGroup],
  [
    'get',
    '/groups/:id',
    'see groups',
    (req, res) => res.redirect(303, `/groups/${encodeURIComponent(String(req.params.id))}/objects`),
  ],
  ['get', '/groups/:id/edit', 'manage groups', groups.showEditGroup],
  ['post', '/groups/:id/edit', 'manage groups', groups.postEditGroup],
  ['get', '/groups/:id/delete', 'manage groups', groups.showDeleteGroup],
  ['post', '/groups/:id/delete', 'manage groups', groups.postDeleteGroup],
  ...groupRoutes,

  ['get', '/my', 'see own sections', showMyStart],
  ...sections.flatMap((section) => thingRoutes({ section, isOwn: false })),
  ...sections.flatMap((section) => thingRoutes({ section, isOwn: true })),
  ['get', '/my/balance', 'see own balance', balance.showBalance('my')],
  ['get', '/my/balance/transactions/:id', 'see own balance', balance.showReceipt('my')],
  ['get', '/my/balance/transactions/:id/cancel', 'cancel transaction', refill.showCancel('my')],
  ['post', '/my/balance/transactions/:id/cancel', 'cancel transaction', refill.postCancel('my')],
  ['get', '/my/shared', 'see own things', (_req, res) => res.redirect(303, '/my/shared/objects')],
  ...sections.map((section): Route => {
    const path = `/my/shared/${sectionWords[section].many}`;
    return ['get', path, 'see own things', showThings({ section, isOwn: true }, 'shares')];
  }),
  ['post', '/disconnect', 'disconnect', connection.postDisconnect],

  ['get', '/history', 'see history', history.showHistory(undoable)],
  ['get', '/history/export.csv', 'see history', showHistoryExport],
  ['post', '/undo/:act', 'undo act', undo],

  ['get', '/settings', 'see settings', settings.showSettings],
  ['post', '/settings', 'change settings', settings.postSettings],
];
