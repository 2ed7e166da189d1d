import type { Request, Response } from 'express';
import { idOrNull, idsIn } from '../ground/fields.ts';
import { countIn, findGroup } from '../groups/group.ts';
import { shared } from '../groups/groups.pages.ts';
import { changeThings } from '../groups/things.ts';
import { seenGroups } from '../groups/viewer.ts';
import { actorOf, dbOf } from '../web/context.ts';
import { figure } from '../web/figures.ts';
import { ownPath } from '../web/guard.ts';
import { done, page } from '../web/page.ts';
import { type Section, sections, sectionWords } from './kinds.ts';
import { listLocals } from './list.pages.ts';
import { countSections } from './owned.ts';
import { viewerAt } from './place.pages.ts';
import { selectingAt } from './selected.pages.ts';
import { findGroupable } from './thing.ts';

/** The pages of a group's things in one section: what is in it, and what can be put in. */
export function groupPages(section: Section) {
  const place = { section, isOwn: false };
  const words = sectionWords[section];

  /** What is in the group, as far as the actor sees it. */
  const showGroup = async (req: Request, res: Response) => {
    const { group, viewer, head } = await open(req, section);
    const path = `/groups/${group.id}${words.path}`;
    const selecting = selectingAt(req, place, viewer, group.id);
    const emptyText = head.mayManage ? `Put ${words.many} in, or tick them under ${words.title}.` : '';
    const locals = await listLocals(req, { place, viewer, path, only: { groupId: group.id }, selecting });
    await page(req, res, 'groups/show', { title: group.name, ...locals, ...head, putHref: `${path}/add`, emptyText });
  };

  /** What is not in the group yet, to be ticked. */
  const showPutIn = async (req: Request, res: Response) => {
    const { group, viewer, head } = await open(req, section);
    const path = `/groups/${group.id}${words.path}/add`;
    const choice = { act: 'add', button: `Put into ${group.name}`, icon: 'plus', isDangerous: false };
    const selecting = { action: path, posts: true, choices: [choice], groupId: null } as const;
    const locals = await listLocals(req, { place, viewer, path, only: { outsideGroupId: group.id }, selecting });
    await page(req, res, 'groups/put', {
      title: `Put ${words.many} into ${group.name}`,
      ...locals,
      ...head,
      emptyText: `All ${words.many} are in this group.`,
    });
  };

  const postPutIn = async (req: Request, res: Response) => {
    const { group, viewer } = await open(req, section);
    const path = `/groups/${group.id}${words.path}`;
    const ids = idsIn(req.body?.thing);
    const seen = await findGroupable(dbOf(req), viewer, section, ids.slice(0, 100));
    const added = await changeThings(dbOf(req), actorOf(req), group, { add: seen.map(({ id }) => id) });
    const text = `${figure(added)} ${added === 1 ? words.one : words.many} put into ${group.name}.`;
    const isEmpty = seen.length === 0;
    await done(
      req,
      res,
      ownPath(req, req.body?.from, path),
      isEmpty ? `Tick the ${words.many} first.` : text,
      isEmpty ? { tone: 'bad' } : {},
    );
  };

  return { showGroup, showPutIn, postPutIn };
}

/** The group, when the actor sees it, with what stands above each of its pages. */
async function open(req: Request, section: Section) {
  const viewer = await viewerAt(req, { section, isOwn: false });
  const group = await findGroup(dbOf(req), idOrNull(req.params.id), seenGroups(viewer));
  const counts = await countSections(dbOf(req), viewer, group.id);
  const tabs = sections.map((name) => ({
    href: `/groups/${group.id}${sectionWords[name].path}`,
    label: sectionWords[name].title,
    count: counts[name],
    current: name === section,
  }));
  const head = { section: 'groups', group, tabs, counts: await countIn(dbOf(req), group.id), ...(await shared(req)) };
  return { viewer, group, head };
}
