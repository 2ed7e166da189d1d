import type { Actor } from '../access/actor.ts';
import { can } from '../access/can.ts';
import { profileNames } from '../access/profiles.ts';
import { standingBy, standingOf, stateNames } from '../access/standing.ts';
import { mayWithThings, reachOf, type ThingAct, thingActs, type Viewer } from '../access/things.ts';
import type { Db } from '../ground/database.ts';
import { countedAtOnce } from '../ground/search.ts';
import { viewerOf } from '../groups/viewer.ts';
import { readSettings } from '../settings/settings.ts';
import { countEach, countShared } from '../things/count.ts';
import { sectionWords } from '../things/kinds.ts';
import { holdsGroups } from '../users/groups.ts';
import { accountOf, type User } from '../users/user.ts';
import { sentences } from './sentences.ts';

/** One answer: in a word, with what it comes from. */
export type Answer = { text: string; tone: 'yes' | 'no' | 'later' | 'plain'; why: string };
export type Right = { says: string; answer: Answer };
export type Area = { title: string; rights: Right[] };

/**
 * What a user may do at this moment and where that comes from, asked of the rules themselves: its standing, its profile, its groups.
 * Every user gets the same areas with the same questions, so that two of them can be read side by side.
 */
export async function rightsOf(db: Db, user: User): Promise<Area[]> {
  const viewer = await viewerOf(db, user);
  const { twoFactorForAdministrators } = await readSettings(db);
  const asked = { user, needsSecondFactor: twoFactorForAdministrators === 'required' && lacksSecondFactor(user) };
  return [
    { title: 'Standing', rights: standingRights(asked) },
    { title: 'Things', rights: [...thingRights(asked, viewer), ...(await countRights(db, viewer))] },
    ...actRights(asked),
  ];
}

/** Whom the requirement of a second factor would concern. */
const lacksSecondFactor = (user: User) =>
  user.profile === 'administrator' && user.identitySource === 'local' && user.twoFactorSince === null;

/** A user, and whether a second factor that it has not set up is required of it. */
type Asked = { user: User; needsSecondFactor: boolean };

const yes = (why = ''): Answer => ({ text: 'Yes', tone: 'yes', why });
const no = (why: string): Answer => ({ text: 'No', tone: 'no', why });
const plain = (text: string, why = ''): Answer => ({ text, tone: 'plain', why });

const standingWords = {
  full: ['Everything its profile includes', 'yes'],
  restricted: ['Only its own profile', 'later'],
  none: ['Nothing: it cannot sign in', 'no'],
} as const;

/** What the standing is, and everything that it is made of. */
function standingRights({ user, needsSecondFactor }: Asked): Right[] {
  const account = accountOf(user);
  const [text, tone] = standingWords[standingOf(account)];
  const state = standingBy.state(account);
  return [
    { says: 'What it may do at present', answer: { text, tone, why: '' } },
    { says: 'Profile', answer: plain(profileNames[user.profile]) },
    {
      says: 'State',
      answer: { text: stateNames[user.state], tone: standingWords[state][1], why: user.stateReason },
    },
    { says: 'Address verified', answer: account.isVerified ? yes() : no('only its own profile until it is') },
    { says: 'Deleted', answer: account.isDeleted ? { text: 'Yes', tone: 'no', why: '' } : plain('No') },
    { says: 'Expired', answer: account.isExpired ? { text: 'Yes', tone: 'no', why: '' } : plain('No') },
    {
      says: 'Locked',
      answer: user.lockedAt ? { text: 'Yes', tone: 'later', why: 'open sessions go on, nobody new gets in' } : plain('No'),
    },
    {
      says: 'Must choose a new password first',
      answer: user.mustChangePassword ? { text: 'Yes', tone: 'later', why: 'nothing else before' } : plain('No'),
    },
    {
      says: 'Must set up a second factor first',
      answer: needsSecondFactor ? { text: 'Yes', tone: 'later', why: 'nothing else before' } : plain('No'),
    },
  ];
}

/** As somebody who is signed in; `whole` as if nothing but the profile decided. */
function actorOf({ user, needsSecondFactor }: Asked): { now: Actor; whole: Actor } {
  const now: Actor = {
    ...accountOf(user),
    sessionId: null,
    requestId: null,
    address: '',
    needsSecondFactor: needsSecondFactor && standingOf(accountOf(user)) === 'full',
    isConfirmed: true,
  };
  const open = {
    state: 'STATE_APPROVED',
    isVerified: true,
    isExpired: false,
    isDeleted: false,
    mustChangePassword: false,
    needsSecondFactor: false,
  } as const;
  return { now, whole: { ...now, ...open } };
}

function actRights(asked: Asked): Area[] {
  const { user } = asked;
  const { now, whole } = actorOf(asked);
  const answer = (acts: (typeof sentences)[number]['acts']): Answer => {
    if (!acts.every((act) => can(whole, act))) return no(profileSays(user));
    return acts.every((act) => can(now, act)) ? yes(profileSays(user)) : notNow(user);
  };
  const titles = [...new Set(sentences.map(({ area }) => area))];
  return titles.map((title) => ({
    title,
    rights: sentences.filter(({ area }) => area === title).map(({ says, acts }) => ({ says, answer: answer(acts) })),
  }));
}

const profileSays = ({ profile }: User) => `profile ${profileNames[profile]}`;

/** What the profile includes and the standing takes away. */
function notNow(user: User): Answer {
  const standing = standingOf(accountOf(user));
  const missing = user.mustChangePassword ? 'a new password must be chosen first' : 'a second factor must be set up first';
  const why = standing === 'full' ? missing : standingWords[standing][0].toLowerCase();
  return { text: 'Not now', tone: 'later', why };
}

const thingWords: Record<ThingAct, string> = {
  see: 'See things',
  add: 'Add things',
  edit: 'Edit things',
  delete: 'Delete things',
  share: 'Share things',
  transfer: 'Transfer things to other users',
};

function thingRights(asked: Asked, viewer: Viewer): Right[] {
  const { user } = asked;
  const { now, whole } = actorOf(asked);
  const isOpen = can(now, 'see things') || can(now, 'see own things');
  const isWhole = can(whole, 'see things') || can(whole, 'see own things');
  const answer = (act: ThingAct): Answer => {
    if (!mayWithThings(viewer, act)) return no(profileSays(user));
    return isOpen || !isWhole ? yes(profileSays(user)) : notNow(user);
  };
  return [
    { says: 'Which things it sees', answer: reachSays(user, viewer) },
    { says: 'Groups', answer: groupsSay(user, viewer) },
    ...thingActs.map((act) => ({ says: thingWords[act], answer: answer(act) })),
  ];
}

function reachSays(user: User, viewer: Viewer): Answer {
  const reach = reachOf(viewer);
  if (reach === 'all')
    return plain(
      'All',
      viewer.isRestricted || !holdsGroups(user.profile) ? profileSays(user) : 'a setting has turned restrictions off',
    );
  if (reach === 'own') return plain('Its own, and those shared with it', profileSays(user));
  if (reach === null) return plain('None', profileSays(user));
  return viewer.groupIds.length > 0 ? plain('Those in its groups', 'its groups') : plain('None', 'it is in no group');
}

function groupsSay(user: User, { isRestricted }: Viewer): Answer {
  if (!holdsGroups(user.profile)) return plain('None', 'its profile holds none');
  return plain(user.groups || 'None', isRestricted ? '' : 'they restrict nobody at present');
}

/** How many there are in each list, up to a thousand, and how many are shared with it. */
async function countRights(db: Db, viewer: Viewer): Promise<Right[]> {
  const seen = await countEach(db, viewer, 'reach');
  const shared = await countShared(db, viewer);
  const isHeeded = reachOf(viewer) === 'own' || shared === 0;
  return [
    ...seen.map(({ section, count }) => ({ says: `${sectionWords[section].title} it sees`, answer: plain(figureSays(count)) })),
    { says: 'Things shared with it', answer: plain(figureSays(shared), isHeeded ? '' : 'its profile does not see shares') },
  ];
}

const figureSays = (count: number | null) =>
  count === null || count > countedAtOnce ? `more than ${countedAtOnce.toLocaleString('en')}` : String(count);
