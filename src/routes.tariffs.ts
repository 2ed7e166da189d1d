import * as own from './payments/own.pages.ts';
import { showOwnPayments, showPayments } from './payments/payments.pages.ts';
import * as tariffs from './tariffs/tariffs.pages.ts';
import type { Route } from './web/route.ts';

/** What can be bought, and what was. */
export const tariffsRoutes: readonly Route[] = [
  ['get', '/tariffs', 'manage tariffs', tariffs.showTariffs],
  ['get', '/tariffs/new', 'manage tariffs', tariffs.showNewTariff],
  ['post', '/tariffs/new', 'manage tariffs', tariffs.postNewTariff],
  ['get', '/tariffs/:id', 'manage tariffs', tariffs.showTariff],
  ['get', '/tariffs/:id/edit', 'manage tariffs', tariffs.showEditTariff],
  ['post', '/tariffs/:id/edit', 'manage tariffs', tariffs.postEditTariff],
  ['get', '/tariffs/:id/switch-off', 'manage tariffs', tariffs.showSwitchOff],
  ['post', '/tariffs/:id/switch-off', 'manage tariffs', tariffs.postSwitch(false)],
  ['post', '/tariffs/:id/switch-on', 'manage tariffs', tariffs.postSwitch(true)],
  ['get', '/tariffs/:id/delete', 'manage tariffs', tariffs.showDeleteTariff],
  ['post', '/tariffs/:id/delete', 'manage tariffs', tariffs.postDeleteTariff],
  ['get', '/payments', 'see payments', showPayments],

  ['get', '/my/tariffs', 'see own tariffs', own.showOwnTariffs],
  ['get', '/my/tariffs/:id/pay', 'pay tariffs', own.showPay],
  ['post', '/my/tariffs/:id/pay', 'pay tariffs', own.postPay],
  ['post', '/my/tariffs/:id/renewal', 'pay tariffs', own.postRenewal],
  ['get', '/my/payments', 'see own tariffs', showOwnPayments],
];
