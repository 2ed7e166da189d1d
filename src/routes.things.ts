import type { Act } from './access/acts.ts';
import * as balance from './balance/balance.pages.ts';
import * as refill from './balance/refill.pages.ts';
import * as connection from './connection/connect.pages.ts';
import * as visits from './connection/visits.pages.ts';
import * as groups from './groups/groups.pages.ts';
import { showStart as showMyStart } from './my/start.pages.ts';
import { showAccess } from './rights/rights.pages.ts';
import { confirmIdentity } from './signin/confirm.pages.ts';
import * as add from './things/add.pages.ts';
import * as edit from './things/edit.pages.ts';
import { groupPages } from './things/group.pages.ts';
import { sections, sectionWords } from './things/kinds.ts';
import { showThings, showThingsCount } from './things/list.pages.ts';
import { postTransferAll, showOwned, showTransferAll } from './things/owned.pages.ts';
import { type Place, pathOf } from './things/place.pages.ts';
import { selectedPages } from './things/selected.pages.ts';
import * as share from './things/share.pages.ts';
import * as thing from './things/thing.pages.ts';
import { undoable } from './undoers.ts';
import type { Route } from './web/route.ts';

/** The addresses of the things of one list: for all of them, or under /my for the subject's own. */
const thingRoutes = (place: Place): Route[] => {
  const path = pathOf(place);
  const selected = selectedPages(place);
  const see: Act = place.isOwn ? 'see own things' : 'see things';
  const change: Act = place.isOwn ? 'change own things' : 'change things';
  const giveAway: Act = place.isOwn ? 'change own things' : 'give away things';
  return [
    ['get', path, see, showThings(place)],
    ['get', `${path}/count`, see, showThingsCount(place)],
    ['get', `${path}/selected`, giveAway, selected.showSelected],
    ['post', `${path}/selected`, giveAway, selected.postSelected],
    ['get', `${path}/new`, change, add.showAdd(place)],
    ['post', `${path}/new`, change, add.postAdd(place)],
    ['get', `${path}/:id`, see, thing.show(place)],
    ['get', `${path}/:id/edit`, change, edit.showEdit(place)],
    ['post', `${path}/:id/edit`, change, edit.postEdit(place)],
    ['get', `${path}/:id/delete`, giveAway, thing.showDelete(place)],
    ['post', `${path}/:id/delete`, giveAway, thing.postDelete(place)],
    ['get', `${path}/:id/share`, change, share.showShare(place)],
    ['post', `${path}/:id/share`, change, share.postShare(place)],
    ['post', `${path}/:id/unshare`, change, share.postUnshare(place)],
    ['get', `${path}/:id/transfer`, giveAway, share.showTransfer(place)],
    ['post', `${path}/:id/transfer`, giveAway, share.postTransfer(place)],
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

/** Access, groups, things, money, acting on a user's behalf, and everything under /my. */
export const thingsRoutes: readonly Route[] = [
  ['get', '/users/:username/access', 'see users', showAccess],
  ['get', '/users/:username/things', 'see users', showOwned],
  ['get', '/users/:username/things/transfer', 'transfer all things', showTransferAll],
  ['post', '/users/:username/things/transfer', 'transfer all things', postTransferAll],
  ['get', '/users/:username/connect', 'connect user', connection.showConnect],
  ['post', '/users/:username/connect', 'connect user', connection.postConnect(confirmIdentity)],
  ['get', '/users/:username/visits', 'see visits', visits.showVisits('user')],
  ['get', '/users/:username/visits/:id', 'see visits', visits.showVisit(undoable)],
  ['get', '/users/:username/balance', 'see balance', balance.showBalance('user')],
  ['get', '/users/:username/balance/transactions/:id', 'see balance', balance.showReceipt('user')],
  ['get', '/users/:username/refill', 'refill balance', refill.showRefill],
  ['post', '/users/:username/refill', 'refill balance', refill.postRefill(confirmIdentity)],
  ['get', '/users/:username/transactions/:id/cancel', 'cancel transaction', refill.showCancel('user')],
  ['post', '/users/:username/transactions/:id/cancel', 'cancel transaction', refill.postCancel('user')],

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
  ['get', '/my/visits', 'see own visits', visits.showVisits('my')],
  ['get', '/my/visits/:id', 'see own visits', visits.showOwnVisit],
  ['post', '/disconnect', 'disconnect', connection.postDisconnect],
];
