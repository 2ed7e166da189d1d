import type { Doer } from '../access/actor.ts';
import { assertCan } from '../access/can.ts';
import { stateNames } from '../access/standing.ts';
import type { Trx } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import { changesBetween } from '../history/record.ts';
import { issueLinks, linkOfUserOrNull } from '../links/links.ts';
import { enqueueLetters } from '../mail/letters.ts';
import { mailedTooOften } from '../mail/often.ts';
import type { ManyAct } from './act.ts';
import { assertLive, hasOwnPassword, idsOf, isToActivate, type User, updateUsers } from './user.ts';

const invited = { state: 'STATE_INVITED', stateReason: '' } as const;

/**
 * Sends users who are Inactive or Invited a link by which each activates its account; who was Inactive is Invited from then on.
 * An older link works no more. While outgoing mail is off the letters are kept unsent, and their links can be copied.
 */
export const activationAct: ManyAct = {
  act: 'send activation email',
  recordedAs: 'user.activation-sent',
  shape: {},
  link: 'activation',
  assertPossible: assertActivatable,
  obstacles: (db, users) => mailedTooOften(db, idsOf(users), 'activation'),
  apply: async (trx, users) => {
    await updateUsers(
      trx,
      users.filter(({ state }) => state !== invited.state),
      invited,
    );
    return users.map((user) => ({ user, details: { changes: changesBetween(user, invited) } }));
  },
  letter: activationLetter,
};

function assertActivatable(by: Doer, user: User): void {
  assertCan(by, 'send activation email', user);
  assertLive(user);
  if (!isToActivate(user)) throw new Refused(`${user.name} is ${stateNames[user.state]}: there is nothing to activate.`);
  if (user.identitySource === 'federated')
    throw new Refused(`${user.name} signs in at the identity provider. Use “Activate User”.`);
  if (user.isExpired) throw new Refused(`The account of ${user.name} has expired. Set another day of expiry first.`);
}

type Addressee = Pick<User, 'id' | 'username' | 'email' | 'passwordHash' | 'mustChangePassword'>;

/** The letter with the link that activates an account: for the first time, or one that has been active before. */
function activationLetter(user: Addressee) {
  const { username } = user;
  return { kind: hasOwnPassword(user) ? 'reactivation' : 'activation', data: { username } } as const;
}

/** Writes an Invited user its letter with a new link; `historyId`: of the act that causes it, undone before it left it is not sent. */
export const sendActivation = (trx: Trx, user: Addressee, historyId: number | null = null): Promise<void> =>
  sendActivations(trx, [user], historyId ? [historyId] : []);

/** The same to many, in two statements; `historyIds`, where given, one for each. */
export async function sendActivations(trx: Trx, users: Addressee[], historyIds: number[] = []): Promise<void> {
  if (users.length === 0) return;
  const holders = users.map(({ id, email }) => ({ userId: id, email }));
  const links = await issueLinks(trx, 'activation', holders);
  const letters = users.map((user, index) => ({ ...activationLetter(user), user, link: links[index] }));
  await enqueueLetters(trx, letters, { historyIds });
}

/**
 * Writes an Invited user its letter because somebody asks for it in its name: a link that still works is sent once more, else anybody
 * could make void the one that an administrator has handed over.
 */
export async function remindOfActivation(trx: Trx, user: Addressee, historyId: number | null = null): Promise<void> {
  const found = await linkOfUserOrNull(trx, user.id, 'activation');
  if (found?.state !== 'open' || found.link.email !== user.email) return sendActivation(trx, user, historyId);
  const letter = { ...activationLetter(user), user, link: found.link };
  await enqueueLetters(trx, [letter], { historyIds: historyId ? [historyId] : [] });
}
