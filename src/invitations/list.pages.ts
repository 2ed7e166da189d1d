import type { Request, Response } from 'express';
import { readSettings } from '../settings/settings.ts';
import { readPlaces } from '../users/limit.ts';
import { tabs } from '../users/list.pages.ts';
import { dbOf } from '../web/context.ts';
import { page } from '../web/page.ts';
import { addressOf, readView } from './address.ts';
import { controlsOf } from './controls.ts';
import { countOpen, listInvitations } from './list.ts';
import { shown } from './show.pages.ts';

/** Everybody who was invited, with what has become of it. */
export const showInvitations = async (req: Request, res: Response) => {
  const db = dbOf(req);
  const view = readView(req.query);
  const [list, open, places, { outgoingMail }] = await Promise.all([
    listInvitations(db, view),
    countOpen(db),
    readPlaces(db),
    readSettings(db),
  ]);
  await page(req, res, 'invitations/list', {
    title: 'Invitations',
    section: 'invitations',
    ...view,
    ...controlsOf(view, list),
    open,
    outgoingMail,
    rows: list.rows.map((invitation) => shown(req, invitation)),
    tabs: tabs('invitations', places),
    returnTo: addressOf(view),
  });
};
