import type { Profile } from './profiles.ts';

/** What can be done with a thing. */
export const thingActs = ['see', 'add', 'edit', 'delete', 'share', 'transfer'] as const;
export type ThingAct = (typeof thingActs)[number];

/** Through whose eyes things are seen: the subject, with the verbs of whoever acts. */
export type Viewer = {
  /** The subject. */
  id: number;
  profile: Profile;
  groupIds: readonly number[];
  /** Whether groups restrict at all (a setting). */
  isRestricted: boolean;
  /** True for an administrator who is connected with full rights: what the subject sees, it may do everything with. */
  actsFully?: boolean;
  /** True for an administrator who only looks. */
  onlyLooks?: boolean;
  /** Of whoever is connected to look only, on the pages of everybody's things: the user whose things stay as they are there too. */
  looksAt?: number;
};

/** What of a thing decides on who may do what with it. */
export type ThingFacts = { ownerId: number; groupIds: readonly number[]; sharedTo: 'view' | 'manage' | null };

/** Which things somebody sees at all, and why: all of them, those in its groups, or its own and what is shared with it. */
export type Reach = 'all' | 'groups' | 'own';

/** The rule of a profile: how far it reaches, and what it does there. */
const rules: Record<Profile, { reach: Reach | 'all or groups' | 'none'; acts: readonly ThingAct[] }> = {
  administrator: { reach: 'all', acts: thingActs },
  standard: { reach: 'all or groups', acts: thingActs },
  group: { reach: 'groups', acts: ['see', 'add', 'edit', 'share'] },
  monitor: { reach: 'all or groups', acts: ['see'] },
  api: { reach: 'none', acts: [] },
  customer: { reach: 'own', acts: thingActs },
};

/** How far somebody's sight reaches; null where it sees no things at all. */
export function reachOf({ profile, groupIds, isRestricted }: Viewer): Reach | null {
  const { reach } = rules[profile];
  if (reach === 'none') return null;
  if (reach === 'groups') return isRestricted ? 'groups' : 'all';
  if (reach === 'all or groups') return isRestricted && groupIds.length > 0 ? 'groups' : 'all';
  return reach;
}

/** Whether somebody may do this with a thing; the one decision for pages, lists, interface and the Access page. */
export function mayWithThing(viewer: Viewer, act: ThingAct, thing: ThingFacts): boolean {
  if (!seesThing(viewer, thing)) return false;
  if (viewer.onlyLooks || viewer.looksAt === thing.ownerId) return act === 'see';
  if (viewer.actsFully) return true;
  if (isGuest(viewer, thing)) return act === 'see' || (act === 'edit' && thing.sharedTo === 'manage');
  return rules[viewer.profile].acts.includes(act);
}

/** Whether somebody does this with things at all: what is offered where there is no thing yet. */
export function mayWithThings(viewer: Viewer, act: ThingAct): boolean {
  if (reachOf(viewer) === null) return false;
  if (viewer.onlyLooks) return act === 'see';
  return Boolean(viewer.actsFully) || rules[viewer.profile].acts.includes(act);
}

function seesThing(viewer: Viewer, { ownerId, groupIds, sharedTo }: ThingFacts): boolean {
  const reach = reachOf(viewer);
  if (reach === 'all') return true;
  if (reach === 'groups') return groupIds.some((id) => viewer.groupIds.includes(id));
  return reach === 'own' && (ownerId === viewer.id || sharedTo !== null);
}

/** Somebody who sees a thing only because it was shared. */
const isGuest = (viewer: Viewer, { ownerId }: ThingFacts) => reachOf(viewer) === 'own' && ownerId !== viewer.id;
