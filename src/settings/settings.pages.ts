import type { Request, Response } from 'express';
import type { Db } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { readHistory } from '../history/timeline.ts';
import { whoWords } from '../history/words.ts';
import { actorOf, contextOf, dbOf } from '../web/context.ts';
import { readForm, typedAgain } from '../web/form.ts';
import { done, page } from '../web/page.ts';
import { assertAgreed, Conflict, changeSettings, needsProof, type SettingValues } from './change.ts';
import { type GroupName, groups, isGroup } from './groups.ts';
import { readSettings, type Settings } from './settings.ts';
import { changeable, conflictLocals, readBefore, type Sent, shownGroups } from './shown.ts';
import { settingOf } from './table.ts';

/** What the page needs of the rooms below. */
export type Parts = {
  confirmIdentity(req: Request): Promise<void>;
  readPlaces(db: Db): Promise<{ used: number; limit: number }>;
  /** What the rule for dormant accounts in these settings would do now. */
  foresee(db: Db, settings: Settings): Promise<object | null>;
  /** What the last proof of the books came to. */
  readLastProof(db: Db): Promise<object | null>;
};

/** The page of all settings: a form for each of its parts, of one address. */
export function settingsPages(parts: Parts) {
  return {
    showSettings: (req: Request, res: Response) => form(req, res, parts),

    /** Saves one part of the page; “Count first” saves nothing and says whom the typed values would concern. */
    postSettings: async (req: Request, res: Response): Promise<void> => {
      const body = typedAgain(req.body);
      const { group } = body;
      if (!isGroup(group)) return form(req, res.status(422), parts, { errors: { '': unknownPart } });
      const sent = { group, typed: body, errors: {}, asksProof: 'proving' in body };
      try {
        const current = await readSettings(dbOf(req));
        const values: SettingValues = readForm(req.body, shapeOf(req, group));
        assertAgreed({ ...current, ...values });
        if ('count' in body) return await form(req, res, parts, { sent, counted: { ...current, ...values } });
        if (needsProof(current, values)) await prove(req, parts);
        const change = { values, before: readBefore(body.before), version: Number(body.version) };
        const historyId = await changeSettings(dbOf(req), actorOf(req), change);
        await done(req, res, `/settings#${group}`, said(group, historyId), historyId ? { undo: `/undo/${historyId}` } : {});
      } catch (error) {
        await again(req, res, parts, sent, error);
      }
    },
  };
}

const unknownPart = 'This form does not say which settings it changes. Reload the page and try again.';

const said = (group: GroupName, historyId: number | null) =>
  `${groups[group].label}: ${historyId ? 'saved' : 'nothing has changed'}.`;

const shapeOf = (req: Request, group: GroupName) =>
  Object.fromEntries(changeable(group, contextOf(req).config).map((name) => [name, settingOf(name).field]));

/** A form that has not asked for a proof yet asks for it now: that is no failed try. */
async function prove(req: Request, { confirmIdentity }: Parts): Promise<void> {
  if (!actorOf(req).isConfirmed && req.body?.proving === undefined)
    throw new Invalid({ [proof]: 'Confirm it is you to change this.' });
  await confirmIdentity(req);
}

const proof = 'your_password';

/** The page again with what was typed, and what is to be mended beside it. */
async function again(req: Request, res: Response, parts: Parts, sent: Sent, error: unknown): Promise<void> {
  if (error instanceof Conflict) {
    const { typed, errors } = conflictLocals(error, sent.typed);
    const shown = { ...sent, typed, errors: { ...errors, '': await whoSaved(req) } };
    return form(req, res.status(409), parts, { sent: shown });
  }
  const isRefused = error instanceof Refused;
  if (!isRefused && !(error instanceof Invalid)) throw error;
  const errors = isRefused ? { '': error.message } : error.fields;
  const shown = { ...sent, errors, asksProof: sent.asksProof || proof in errors };
  await form(req, res.status(isRefused ? 409 : 422), parts, { sent: shown });
}

async function whoSaved(req: Request): Promise<string> {
  const [last] = await readHistory(dbOf(req), { act: 'settings.changed' }, { limit: 1 });
  const who = (last && whoWords(last.actor, last.actorId)) ?? 'Somebody else';
  return `${who} saved these settings meanwhile, so nothing of yours is written yet. Look at what is marked, then save again.`;
}

type Extra = { sent?: Sent; errors?: Record<string, string>; counted?: Settings };

async function form(req: Request, res: Response, parts: Parts, { sent, errors = {}, counted }: Extra = {}): Promise<void> {
  const { config } = contextOf(req);
  const settings = await readSettings(dbOf(req));
  await page(req, res, 'settings/show', {
    title: 'Settings',
    section: 'settings',
    groups: shownGroups(settings, config, sent ?? null),
    errors,
    places: await parts.readPlaces(dbOf(req)),
    mail: { isOn: settings.outgoingMail, from: config.mailFrom },
    foreseen: await parts.foresee(dbOf(req), counted ?? settings),
    isCounted: counted !== undefined,
    currency: config.currency,
    proof: await parts.readLastProof(dbOf(req)),
  });
}
