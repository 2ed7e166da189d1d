import type { Author } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { record } from '../history/record.ts';
import { issueLink, type Link, linkOfUserOrNull } from '../links/links.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { holdUsers, type User } from '../users/user.ts';

/**
 * Somebody has entered the address of this user to register. Whoever has been entered by an administrator and has no password yet
 * gets the link that opens the account; everybody else is told that there is one. Knowing the address alone opens nothing.
 */
export async function tellHolder(trx: Trx, by: Author, { id }: User): Promise<void> {
  const [holder] = await holdUsers(trx, [id]);
  if (!holder || holder.deletedAt) return;
  const data = { username: holder.username };
  if (waitsForOwner(holder)) {
    const link = await activationOf(trx, holder);
    await enqueueLetter(trx, { kind: 'sign-up-listed', user: holder, data, link });
    await record(trx, by, 'user.sign-up-asked', holder);
  } else {
    await enqueueLetter(trx, { kind: 'registered-already', user: holder, data });
    await record(trx, by, 'user.registration-repeated', holder);
  }
}

const waitsForOwner = ({ state, passwordHash }: User) => state === 'STATE_INVITED' && passwordHash === null;

/** The link that still works is sent once more: else anybody could make the one void that an administrator has handed over. */
async function activationOf(trx: Trx, { id, email }: User): Promise<Link> {
  const found = await linkOfUserOrNull(trx, id, 'activation');
  const isOpen = found?.state === 'open' && found.link.email === email;
  return isOpen ? found.link : issueLink(trx, 'activation', { userId: id, email });
}
