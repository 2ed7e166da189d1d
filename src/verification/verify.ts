import { clock, type Db, type Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { type Found, type Link, useLink, voidLinks } from '../links/links.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { endSessions } from '../sessions/sessions.ts';
import { assertFree, asTaken } from '../users/taken.ts';
import { holdUsers, isVerified, touched, type User } from '../users/user.ts';
import { authorOf, type Presser, readUpon } from './upon.ts';

/**
 * Uses a link: its address is verified and, where another one was asked for, is the account's from now on. Sessions opened before
 * end, but for the account's own one that does it: nobody who came in before keeps a way in. A link whose address is verified
 * already changes nothing. Throws Refused when it is over by now or somebody else has the address.
 */
export async function verifyAddress(db: Db, by: Presser, found: Found): Promise<void> {
  const verify = async (trx: Trx) => {
    await holdUsers(trx, [found.link.userId as number]);
    const { link, user, stand } = await readUpon(trx, found);
    if (stand === 'done') return;
    if (!user || stand === 'over') throw new Refused('This link has been replaced or taken back just now.');
    await useLink(trx, link);
    if (link.purpose === 'email-change') await changeAddress(trx, by, user, link);
    else await confirmAddress(trx, by, user);
    await endSessions(trx, user.id, by.actor?.id === user.id ? by.actor.sessionId : null);
  };
  await db.transaction(verify).catch(asTaken).catch(asRefusal);
}

/** Whatever else was asked for before is taken back: that may have been somebody who does not have the address. */
async function confirmAddress(trx: Trx, by: Presser, user: User): Promise<void> {
  const next = { emailVerifiedAt: await clock(trx) };
  await write(trx, user, next);
  await voidLinks(trx, [user.id], ['email-change']);
  await record(trx, authorOf(by, user), 'user.verified', user, { changes: changesBetween(user, next) });
}

async function changeAddress(trx: Trx, by: Presser, user: User, { email }: Link): Promise<void> {
  await assertFree(trx, { email }, user.id);
  const next = { email, emailVerifiedAt: await clock(trx) };
  await write(trx, user, next);
  await voidLinks(trx, [user.id], ['verification', 'reset', 'activation']);
  await record(trx, authorOf(by, user), 'account.email-changed', user, { changes: changesBetween(user, next) });
  // To an address that was never verified nothing is told: it may be a stranger's.
  if (isVerified(user)) await enqueueLetter(trx, { kind: 'email-changed', user, data: { username: user.username, email } });
}

const write = (trx: Trx, { id }: User, next: Partial<User>) =>
  trx('users')
    .where({ id })
    .update({ ...next, ...touched(trx) });

/** There is no form to mend: whoever holds the link has the address, and may be told that another account has it too. */
function asRefusal(error: unknown): never {
  if (!(error instanceof Invalid)) throw error;
  throw new Refused('This address belongs to another account by now, so nothing has been changed.');
}
