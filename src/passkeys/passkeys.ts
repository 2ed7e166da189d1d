import type { Actor } from '../access/actor.ts';
import { assertCan, assertConfirmed } from '../access/can.ts';
import { countRows, type Db, type Trx } from '../ground/database.ts';
import { NotFound, Refused } from '../ground/errors.ts';
import { line } from '../ground/fields.ts';
import { record } from '../history/record.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import { makeRecoveryCodes } from '../twofactor/recovery.ts';
import { assertMayBeWithout, settleTwoFactor } from '../twofactor/twofactor.ts';
import type { Belonging } from '../users/belongings.ts';
import { holdUser, idsOf, type User } from '../users/user.ts';
import type { StoredKey } from './ceremony.ts';

export type Passkey = StoredKey & { id: number; userId: number; name: string; addedAt: Date; lastUsedAt: Date | null };

/** By what its owner knows it again. */
export const passkeyName = line(60).refine((name) => name !== '', 'Give it a name, so that you know it again.');

/** Nobody needs more, and a browser is told of each of them. */
const mostPasskeys = 20;

/** The passkeys of a user, the oldest first. */
export async function listPasskeys(db: Db, userId: number): Promise<Passkey[]> {
  return db('passkeys').where({ userId }).orderBy('id');
}

/** One of the actor's passkeys. Throws NotFound, also for somebody else's. */
export async function findOwnPasskey(db: Db, actor: Actor, id: number | null): Promise<Passkey> {
  const passkey = id && (await db('passkeys').where({ id, userId: actor.id }).first());
  if (!passkey) throw new NotFound('There is no such passkey.');
  return passkey;
}

/**
 * Adds a passkey that the actor's browser has just made. The first second factor of an account ends every other session and brings
 * recovery codes, which are returned and shown once; else null. Throws Refused when there are too many, when
 * the passkey is known already, and without a fresh proof of identity.
 */
export async function addPasskey(db: Db, actor: Actor, key: StoredKey, name: string): Promise<string[] | null> {
  assertMayChange(actor);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    if ((await listPasskeys(trx, user.id)).length >= mostPasskeys)
      throw new Refused(`${mostPasskeys} passkeys are the most. Remove one that you do not use.`);
    const added = await trx('passkeys')
      .insert({ userId: user.id, name, ...key })
      .onConflict('credentialId')
      .ignore()
      .returning('id');
    if (added.length === 0) throw new Refused('This passkey is known already.');
    return recordAdded(trx, actor, user, name);
  });
}

async function recordAdded(trx: Trx, actor: Actor, user: User, name: string): Promise<string[] | null> {
  const isFirst = user.twoFactorSince === null;
  await settleTwoFactor(trx, user.id);
  await record(trx, actor, 'account.passkey-added', user, { facts: { name, ...(isFirst && { twoFactor: 'on' }) } });
  await enqueueLetter(trx, { kind: 'passkey-added', user, data: { name, isFirst: isFirst ? 'yes' : '' } });
  if (!isFirst) return null;
  await endSessions(trx, user.id, actor.sessionId);
  return makeRecoveryCodes(trx, user.id);
}

/** Gives one of the actor's passkeys another name; the same again changes nothing. */
export async function renamePasskey(db: Db, actor: Actor, id: number | null, name: string): Promise<void> {
  assertCan(actor, 'change own passkeys');
  await db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const passkey = await findOwnPasskey(trx, actor, id);
    if (passkey.name === name) return;
    await trx('passkeys').where({ id: passkey.id }).update({ name });
    await record(trx, actor, 'account.passkey-renamed', user, { changes: { name: [passkey.name, name] } });
  });
}

/**
 * Takes one of the actor's passkeys away. With the last second factor two-factor is off. Throws Refused when an administrator would
 * be left without one that this console requires, and without a fresh proof of identity.
 */
export async function removePasskey(db: Db, actor: Actor, id: number | null): Promise<Passkey> {
  assertMayChange(actor);
  return db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const passkey = await findOwnPasskey(trx, actor, id);
    await trx('passkeys').where({ id: passkey.id }).delete();
    const isLast = !(await settleTwoFactor(trx, user.id));
    if (isLast) await assertMayBeWithout(trx, user);
    const facts = { name: passkey.name, ...(isLast && { twoFactor: 'off' }) };
    await record(trx, actor, 'account.passkey-removed', user, { facts });
    await enqueueLetter(trx, { kind: 'passkey-removed', user, data: { name: passkey.name, isLast: isLast ? 'yes' : '' } });
    return passkey;
  });
}

function assertMayChange(actor: Actor): void {
  assertCan(actor, 'change own passkeys');
  assertConfirmed(actor);
}

/** What of this room goes with a user. */
export const passkeyBelonging: Belonging = {
  noun: ['passkey', 'passkeys'],
  count: (db, users) => countRows(db('passkeys').whereRaw('user_id = any(?)', [idsOf(users)])),
};
