import * as announcements from './announcements/announcements.pages.ts';
import * as sending from './announcements/send.pages.ts';
import * as notifications from './notifications/notifications.pages.ts';
import type { Route } from './web/route.ts';

/** What users are told, and what administrators announce to them. */
export const contactRoutes: readonly Route[] = [
  ['get', '/notifications', 'see notifications', notifications.showNotifications('own')],
  ['post', '/notifications/read', 'see notifications', notifications.postAllRead],
  ['get', '/notifications/:id', 'see notifications', notifications.showNotification('own')],
  ['post', '/notifications/:id/open', 'see notifications', notifications.postOpen],
  ['post', '/notifications/:id/read', 'see notifications', notifications.postRead],
  ['get', '/my/notifications', 'see own notifications', notifications.showNotifications('my')],
  ['get', '/my/notifications/:id', 'see own notifications', notifications.showNotification('my')],

  ['get', '/announcements', 'see announcements', announcements.showAnnouncements],
  ['get', '/announcements/new', 'write announcement', announcements.showNew],
  ['post', '/announcements/new', 'write announcement', announcements.postNew],
  ['get', '/announcements/:id', 'see announcements', announcements.showAnnouncement],
  ['get', '/announcements/:id/edit', 'write announcement', announcements.showEdit],
  ['post', '/announcements/:id/edit', 'write announcement', announcements.postEdit],
  ['get', '/announcements/:id/delete', 'write announcement', announcements.showDelete],
  ['post', '/announcements/:id/delete', 'write announcement', announcements.postDelete],
  ['get', '/announcements/:id/send', 'send announcement', sending.showSend],
  ['post', '/announcements/:id/send', 'send announcement', sending.postSend],
  ['post', '/announcements/:id/resume', 'send announcement', sending.postResume],
  ['post', '/announcements/:id/stop', 'send announcement', sending.postStop],
  ['get', '/announcements/:id/withdraw', 'withdraw announcement', sending.showWithdraw],
  ['post', '/announcements/:id/withdraw', 'withdraw announcement', sending.postWithdraw],
];
