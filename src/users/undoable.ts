import type { Doer } from '../access/actor.ts';
import type { Act } from '../access/acts.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { plain } from '../history/record.ts';
import { type Happening, readLater, undoneAmong } from '../history/timeline.ts';
import { tooLate, undoneAlready } from '../history/undo.ts';
import { fieldWords } from '../history/words.ts';
import { assertNotUponSelf, opensConsole } from './edit.ts';
import { namesIn } from './groups.ts';
import { obstaclesToRestoring } from './restore.ts';
import { actOf, type Move, moves } from './states.ts';
import { holdersOf } from './taken.ts';
import { isVerified, type User } from './user.ts';

/** An act, and the user that it was done to as that user is now. */
export type Upon = { act: Happening; user: User };

/** What can be undone, with the right that it takes; what is not here has no way back. */
const inverses: Record<string, Act> = {
  'user.added': 'delete user',
  'user.edited': 'edit user',
  'user.activation-sent': 'send activation email',
  'user.profile-set': 'set profile',
  'user.expiry-set': 'set expiry',
  'user.groups-set': 'set groups',
  'user.unlocked': 'unlock user',
  'user.deleted': 'restore user',
  'user.restored': 'delete user',
  ...Object.fromEntries((Object.keys(moves) as Move[]).map((move) => [moves[move].recordedAs, actOf(move)])),
};

/** Undoing a move is the move into the state before, where there is one. */
function inverseOf({ act, outcome, changes }: Happening): Act | null {
  const back = (Object.keys(moves) as Move[]).find((move) => moves[move].to === changes.state?.[0]);
  const inverse = outcome === 'done' ? inverses[act] : undefined;
  return inverse && back ? actOf(back) : (inverse ?? null);
}

export const isDeletion = ({ act }: Happening) => act === 'user.added' || act === 'user.restored';
export const isInviting = ({ act }: Happening) => act === 'user.activation-sent';
export const isRestoring = ({ act }: Happening) => act === 'user.deleted';

/** The values before the act, as the user's row has them; whoever was added had none. */
export function valuesBefore({ act, user }: Upon): Record<string, unknown> {
  if (act.act === 'user.added') return {};
  const before = Object.entries(act.changes).map(([name, [value]]) => [name, value ?? empty(user, name)]);
  return Object.fromEntries(before);
}

const fieldOf = (user: User, name: string) => (user as Record<string, unknown>)[name];
const empty = (user: User, name: string) => (typeof fieldOf(user, name) === 'string' ? '' : null);

/** Throws with the sentence why the actor cannot undo this; what only the database knows is in `obstaclesTo`. */
export function assertUndoable(by: Doer, { act, user }: Upon): void {
  assertCan(by, 'undo act', user);
  const inverse = inverseOf(act);
  if (!inverse) throw new Refused('This kind of act cannot be undone.');
  assertCan(by, inverse, user);
  if (!act.isRecent) throw new Refused(tooLate);
  const next = { ...user, ...valuesBefore({ act, user }) };
  if (user.id === by.id) assertNotUponSelf(user, { ...next, emailVerified: isVerified(next) });
  if (needsProofToUndo({ act, user })) assertConfirmed(by);
}

/** As with the edit itself. */
export const needsProofToUndo = (upon: Upon): boolean => opensConsole(upon.user, { ...upon.user, ...valuesBefore(upon) });

/** Why some of these cannot be undone as things are by now, under the numbers of the acts. */
export async function obstaclesTo(db: Db, upon: Upon[]): Promise<Map<number, Error>> {
  const undone = await undoneAmong(
    db,
    upon.map(({ act }) => act.id),
  );
  const again = upon.filter(({ act }) => undone.has(act.id));
  return new Map([
    ...(await takenAmong(db, upon)),
    ...(await ungroupableAmong(db, upon)),
    ...(await unrestorableAmong(db, upon)),
    ...(await changedAmong(db, upon)),
    ...again.map(({ act }) => [act.id, new Refused(undoneAlready)] as const),
  ]);
}

type Obstacles = [historyId: number, Error][];

async function takenAmong(db: Db, upon: Upon[]): Promise<Obstacles> {
  const addresses = upon.flatMap((one) => {
    const email = String(valuesBefore(one).email ?? one.user.email);
    const isOther = email.toLowerCase() !== one.user.email.toLowerCase();
    return isOther && !isDeletion(one.act) ? [{ id: one.act.id, email }] : [];
  });
  const emails = addresses.map(({ email }) => email);
  const holders = emails.length > 0 ? await holdersOf(db, emails) : new Set();
  const taken = addresses.filter(({ email }) => holders.has(email.toLowerCase()));
  return taken.map(({ id, email }) => [id, new Refused(`${email} is another user’s address by now.`)]);
}

/** A group that a user was in may be deleted or renamed by now. */
async function ungroupableAmong(db: Db, upon: Upon[]): Promise<Obstacles> {
  const before = upon.map((one) => ({ id: one.act.id, names: namesIn(String(valuesBefore(one).groups ?? '')) }));
  const names = before.flatMap((one) => one.names);
  if (names.length === 0) return [];
  const known: string[] = await db('groups').whereRaw('name = any(?)', [names]).pluck('name');
  const gone = before.flatMap(({ id, names: wanted }) =>
    wanted.filter((name) => !known.includes(name)).map((name) => ({ id, name })),
  );
  return gone.map(({ id, name }) => [id, new Refused(`The group ${name} is not there any more.`)]);
}

async function unrestorableAmong(db: Db, upon: Upon[]): Promise<Obstacles> {
  const restored = upon.filter(({ act }) => isRestoring(act));
  const users = restored.map(({ user }) => user);
  const obstacles = users.length > 0 ? await obstaclesToRestoring(db, users, {}) : undefined;
  return restored.flatMap(({ act, user }) => {
    const obstacle = obstacles?.get(user.id);
    return obstacle ? [[act.id, new Refused(obstacle.message)]] : [];
  });
}

async function changedAmong(db: Db, upon: Upon[]): Promise<Obstacles> {
  const changed = upon.map((one) => ({ ...one, fields: changedSince(one) })).filter(({ fields }) => fields.length > 0);
  if (changed.length === 0) return [];
  const first = Math.min(...changed.map(({ act }) => act.id));
  const ids = changed.map(({ user }) => user.id);
  const later = await readLater(db, ids, first);
  return changed.map(({ act, user, fields }) => {
    const change = later.find((one) => one.userId === user.id && one.id > act.id && fields.some((name) => touches(one, name)));
    const who = change ? `, by ${change.actor ?? 'somebody whose account is erased'}` : '';
    return [act.id, new Refused(`${user.name} has been changed since: ${fields.map(fieldWords).join(', ')}${who}.`)];
  });
}

/** Which of what the act left is not so any more. */
function changedSince({ act, user }: Upon): string[] {
  const fields = Object.entries(act.changes).filter(([name, [, after]]) => plain(fieldOf(user, name)) !== after);
  const isMoved = (user.deletedAt !== null) !== isRestoring(act);
  const isActive = isInviting(act) && user.state !== 'STATE_INVITED' && !('state' in act.changes);
  return [...(isMoved ? ['deletedAt'] : []), ...(isActive ? ['state'] : []), ...fields.map(([name]) => name)];
}

const touches = ({ act, changes, facts }: Happening, name: string) =>
  name in changes || (name === 'deletedAt' && /^user\.(added|deleted|restored)$/.test(String(facts.undone ?? act)));
