import type { Actor } from '../access/actor.ts';
import type { Db } from '../ground/database.ts';
import { editOwnProfile, type OwnEdit } from '../users/edit.ts';
import { askEmailChange } from '../verification/change.ts';

/** Saves the own profile; says the address that waits to be verified when another one was entered, else null. */
export async function saveOwnProfile(db: Db, actor: Actor, edit: OwnEdit): Promise<string | null> {
  return db.transaction(async (trx) => {
    const user = await editOwnProfile(trx, actor, actor.username, edit);
    if (edit.email === user.email) return null;
    await askEmailChange(trx, actor, user, edit.email);
    return edit.email;
  });
}
