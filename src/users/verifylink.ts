import type { Author } from '../access/actor.ts';
import type { State } from '../access/standing.ts';
import type { Trx } from '../ground/database.ts';
import { issueLink } from '../links/links.ts';
import { enqueueLetters } from '../mail/letters.ts';
import type { User } from './user.ts';

/** States in which a user is asked to verify its address; the link that activates an account verifies it too. */
export const statesToVerify: readonly State[] = [
  'STATE_REQUESTED',
  'STATE_APPROVED',
  'STATE_FLAGGED',
  'STATE_SUSPENDED',
  'STATE_REJECTED',
];

type Addressee = Pick<User, 'id' | 'username' | 'email' | 'state'>;

type More = {
  /** Where the letter belongs to an act that can be undone: then it is not sent. */
  historyId?: number | null;
  /** What else the words of another kind of letter need. */
  kind?: 'verification' | 'registered';
  waits?: boolean;
};

/**
 * Writes a user the letter with the link by which it verifies its address; an older link works no more. While outgoing mail is
 * off the letter is kept unsent, and its link can be copied. In a state that nobody is asked in, nothing happens.
 */
export async function sendVerification(
  trx: Trx,
  by: Author,
  user: Addressee,
  { historyId, kind = 'verification', waits = false }: More = {},
): Promise<void> {
  if (!statesToVerify.includes(user.state)) return;
  const { id, username, email } = user;
  const link = await issueLink(trx, 'verification', { userId: id, email });
  const data = { username, email, by: by.id === id ? '' : 'administrator', waits: waits ? 'yes' : '' };
  await enqueueLetters(trx, [{ kind, user, link, data }], { historyIds: historyId ? [historyId] : [] });
}
