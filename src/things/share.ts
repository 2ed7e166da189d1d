import type { Doer } from '../access/actor.ts';
import type { Viewer } from '../access/things.ts';
import { countRows, type Db, type Trx } from '../ground/database.ts';
import { Forbidden, Invalid, NotFound } from '../ground/errors.ts';
import { record } from '../history/record.ts';
import { isAddress, userNamedOrNull } from '../users/named.ts';
import type { User } from '../users/user.ts';
import type { Section } from './kinds.ts';
import { limitGiving } from './limit.ts';
import { isLiveShare } from './scope.ts';
import { assertMay, findThing, holdWithUsers, onlyLooking, type Thing } from './thing.ts';
import { tellOfThing, toldOf } from './told.ts';

/** Somebody with whom a thing is shared. */
export type Share = { id: number; username: string; name: string; may: 'view' | 'manage'; endsAt: Date | null; createdAt: Date };

export type NewShare = { section: Section; id: number; with: string; may: 'view' | 'manage'; endsAt: Date | null };

/** Those with whom a thing is shared at this moment, by name. */
export async function sharesOf(db: Db, thingId: number): Promise<Share[]> {
  return db('shares')
    .join('users', 'users.id', 'shares.userId')
    .where({ thingId, 'users.deletedAt': null })
    .whereRaw(isLiveShare)
    .orderByRaw('fold(users.name), shares.id')
    .select('shares.id', 'users.username', 'users.name', 'shares.may', 'shares.endsAt', 'shares.createdAt');
}

/**
 * Shares a thing with the user of this username or email, to view or to manage, until `endsAt` or for good; shared again, the newer
 * terms count. Throws Invalid beside `with` or `ends_at`, NotFound, Forbidden, Refused and TryLater.
 */
export async function shareThing(db: Db, by: Doer, viewer: Viewer, { section, id, ...terms }: NewShare): Promise<Thing> {
  await limitGiving(db, by);
  return db.transaction(async (trx) => {
    const found = await findThing(trx, viewer, section, id);
    assertMay(viewer, 'share', found);
    const user = await receiver(trx, found, terms.with);
    const thing = await holdWithUsers(trx, viewer, { act: 'share', found, others: [user.id] });
    if (user.id === viewer.looksAt) throw new Invalid({ with: onlyLooking });
    const { may, endsAt } = terms;
    if (endsAt && endsAt <= new Date()) throw new Invalid({ ends_at: 'This day is over.' });
    await trx('shares')
      .insert({ thingId: id, userId: user.id, may, endsAt, sharedBy: by.id })
      .onConflict(['thingId', 'userId'])
      .merge(['may', 'endsAt', 'sharedBy']);
    await record(trx, by, 'thing.shared', user, {
      facts: { thing: id, name: thing.name, owner: { account: thing.ownerId }, may, endsAt },
    });
    await tellOfThing(trx, by, user.id, { kind: 'thing-shared', data: { ...toldOf(thing), may } });
    return thing;
  });
}

async function receiver(trx: Trx, thing: Thing, identifier: string): Promise<User> {
  const user = await userNamedOrNull(trx, identifier);
  const what = isAddress(identifier) ? 'email address' : 'username';
  if (!user)
    throw new Invalid({ with: identifier ? `There is no user of this ${what}.` : 'A username or an email address is needed.' });
  if (user.id === thing.ownerId) throw new Invalid({ with: 'This user owns it already.' });
  return user;
}

/** Ends a share at once. Throws NotFound when there is none (any more). */
export async function endShare(
  db: Db,
  by: Doer,
  viewer: Viewer,
  held: { section: Section; id: number; share: number },
): Promise<Thing> {
  return db.transaction(async (trx) => {
    const found = await findThing(trx, viewer, held.section, held.id);
    const taker = await trx('shares').where({ id: held.share, thingId: found.id }).first('userId');
    const thing = await holdWithUsers(trx, viewer, { act: 'share', found, others: taker ? [taker.userId] : [] });
    if (taker && taker.userId === viewer.looksAt) throw new Forbidden(onlyLooking);
    const [ended] = await trx('shares').where({ id: held.share, thingId: thing.id }).delete().returning('userId');
    if (!ended) throw new NotFound('There is no such share any more.');
    const user = await trx('users').where({ id: ended.userId }).first('id', 'username');
    await record(trx, by, 'thing.unshared', user, {
      facts: { thing: thing.id, name: thing.name, owner: { account: thing.ownerId } },
    });
    await tellOfThing(trx, by, ended.userId, { kind: 'thing-unshared', data: toldOf(thing) });
    return thing;
  });
}

/** What is shared with somebody at this moment, the latest first; `total` counts what `most` leaves out. */
export async function sharedWithUser(db: Db, userId: number, most = 50): Promise<{ rows: SharedThing[]; total: number }> {
  const live = () =>
    db('shares')
      .join('things', 'things.id', 'shares.thingId')
      .join('users', 'users.id', 'things.ownerId')
      .where({ 'shares.userId': userId, 'things.hiddenAt': null })
      .whereRaw(isLiveShare);
  const rows = await live()
    .orderBy('shares.id', 'desc')
    .limit(most)
    .select('things.id', 'things.section', 'things.name', 'users.name as owner', 'shares.may', 'shares.endsAt');
  const counted = rows.length < most ? rows.length : await countRows(live());
  return { rows, total: counted };
}

/** A thing of somebody else's, as it is shared. */
export type SharedThing = {
  id: number;
  section: Section;
  name: string;
  owner: string;
  may: 'view' | 'manage';
  endsAt: Date | null;
};
