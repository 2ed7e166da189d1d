import type { Request, Response } from 'express';
import { type Actor, type Subject, subjectOf } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { profileHints, profileNames } from '../access/profiles.ts';
import { listVisits } from '../connection/visit.ts';
import { visitWords } from '../connection/words.ts';
import type { Db } from '../ground/database.ts';
import { countedAtOnce } from '../ground/search.ts';
import { seenGroups, viewerOf } from '../groups/viewer.ts';
import { presentTariffs } from '../tariffs/present.ts';
import { countEach, countShared } from '../things/count.ts';
import { sectionWords } from '../things/kinds.ts';
import { findUser, type User } from '../users/user.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure, moneyFor } from '../web/figures.ts';
import { page } from '../web/page.ts';

/** Days before its end on which an account says so. */
const expiryNoticeDays = 14;

/** The start page of the subject: what it has, section by section, and who worked on its behalf lately. */
export const showStart = async (req: Request, res: Response) => {
  const actor = actorOf(req);
  const subject = subjectOf(actor);
  const user = await findUser(dbOf(req), subject.username);
  await page(req, res, 'my/start', {
    title: 'Start',
    section: 'my',
    name: subject.name,
    profileName: profileNames[subject.profile],
    profileHint: profileHints[subject.profile],
    tiles: await tilesOf(req, subject, user),
    groupsSay: await groupsSay(req, subject, user),
    user,
    endsSoon: user.expiresAt !== null && user.expiresAt.getTime() < Date.now() + expiryNoticeDays * 86_400_000,
    addHref: can(actor, 'change own things') ? `${thingsAt(actor)}/objects/new` : null,
    visits: can(actor, 'see own visits') ? await latestVisits(dbOf(req), subject) : [],
  });
};

async function latestVisits(db: Db, { id }: Subject) {
  const { rows } = await listVisits(db, id, { limit: 3 });
  return rows.map((visit) => ({ ...visit, ...visitWords(visit) }));
}

/** Whoever sees the things of others too finds its own among them. */
const thingsAt = (actor: Actor) => (!actor.connection && can(actor, 'see things') ? '' : '/my');

const say = (count: number | null) => (count === null ? `${figure(countedAtOnce)}+` : figure(count));

/** A tile for each section, with what is in it. */
async function tilesOf(req: Request, subject: Subject, { balanceMinor }: User) {
  const actor = actorOf(req);
  const viewer = await viewerOf(dbOf(req), subject);
  const balance = {
    href: '/my/balance',
    icon: 'wallet',
    label: 'Balance',
    text: moneyFor(req)(balanceMinor),
  };
  const things = (await countEach(dbOf(req), viewer, 'reach')).map(({ section, count }) => {
    const { path, icon, title } = sectionWords[section];
    return { href: `${thingsAt(actor)}${path}`, icon, label: title, text: say(count) };
  });
  const shared = async () => ({
    href: '/my/shared',
    icon: 'share-2',
    label: 'Shared with me',
    text: say(await countShared(dbOf(req), viewer)),
  });
  return [
    ...(can(actor, 'see own balance') ? [balance] : []),
    ...(can(actor, 'see own tariffs') ? [await tariffsTile(req, subject)] : []),
    ...(can(actor, 'see own things') ? things : []),
    ...(subject.profile === 'customer' ? [await shared()] : []),
  ];
}

async function tariffsTile(req: Request, { id }: Subject) {
  const names = (await presentTariffs(dbOf(req), id)).filter(({ paidUntil }) => paidUntil).map(({ name }) => name);
  return {
    href: '/my/tariffs',
    icon: 'tag',
    label: 'Tariffs',
    text: names.length > 2 ? figure(names.length) : names.join(', ') || 'None',
  };
}

/** Whom groups restrict is told what it sees by them; null for the others. */
async function groupsSay(req: Request, subject: Subject, { groups }: User): Promise<string | null> {
  if (subject.profile === 'customer') return null;
  const seen = seenGroups(await viewerOf(dbOf(req), subject));
  if (seen === null) return 'You see all things.';
  return seen.length > 0
    ? `You see what is in your groups: ${groups}.`
    : 'You are in no group yet, so you see no things. An administrator can put you into one.';
}
