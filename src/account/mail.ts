import type { Actor } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import type { Db } from '../ground/database.ts';
import { type Changes, record } from '../history/record.ts';
import { forAdministrators, forCustomers, type Preference, preferences } from '../mail/words/template.ts';
import { holdUser } from '../users/user.ts';

const names = Object.keys(preferences) as Preference[];

/** Which letters somebody gets: all but those that it has turned off. */
export async function readChoices(db: Db, actor: Actor): Promise<Record<Preference, boolean>> {
  const { mutedLetters } = await db('users').where({ id: actor.id }).first('mutedLetters');
  return choicesWithout(mutedLetters);
}

/** What this actor can turn off: some letters only administrators get, some only customers. */
export const offeredTo = ({ profile }: Actor): Preference[] =>
  names.filter(
    (name) =>
      (profile === 'administrator' || !isAmong(forAdministrators, name)) &&
      (profile === 'customer' || !isAmong(forCustomers, name)),
  );

const isAmong = (some: readonly Preference[], name: Preference) => some.includes(name);

/** Saves which letters the actor gets; what it is not offered stays as it is. Saving what is already so changes nothing. */
export async function chooseLetters(db: Db, actor: Actor, wanted: Partial<Record<Preference, boolean>>): Promise<void> {
  assertCan(actor, 'choose own letters');
  await db.transaction(async (trx) => {
    const user = await holdUser(trx, actor.username);
    const before = await readChoices(trx, actor);
    const after = { ...before, ...wanted };
    const changes = Object.fromEntries(
      names
        .filter((name) => before[name] !== after[name])
        .map((name) => [`${name}Letters`, [word(before[name]), word(after[name])]]),
    ) as Changes;
    if (Object.keys(changes).length === 0) return;
    await trx('users')
      .where({ id: actor.id })
      .update({ mutedLetters: names.filter((name) => !after[name]) });
    await record(trx, actor, 'account.letters-chosen', user, { changes });
  });
}

const choicesWithout = (muted: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, !muted.includes(name)])) as Record<Preference, boolean>;

const word = (isWanted: boolean) => (isWanted ? 'on' : 'off');
