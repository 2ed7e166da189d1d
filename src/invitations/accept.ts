import type { Author } from '../access/actor.ts';
import { standingOf } from '../access/standing.ts';
import { type Db, isTaken, now, type Trx } from '../ground/database.ts';
import { Invalid, Refused } from '../ground/errors.ts';
import { changesBetween, record } from '../history/record.ts';
import { type Link, useLink } from '../links/links.ts';
import { enqueueLetter } from '../mail/letters.ts';
import { addressesAmongNames, nameNeeded, nameOf } from '../users/fields.ts';
import { freePlaces } from '../users/limit.ts';
import { hashPassword, passwordProblem } from '../users/password.ts';
import { assertUsernameFree, asTaken } from '../users/taken.ts';
import { accountOf, type User, userColumns } from '../users/user.ts';
import { findInvitation, holdInvitation, type Invitation } from './invitation.ts';
import { assertAcceptable, obstacles } from './obstacles.ts';
import { dropInvitationLetters } from './send.ts';

/** What who is invited says; everything else the invitation says. */
export type SignUp = {
  username: string;
  name: string;
  firstName: string;
  lastName: string;
  organization: string;
  password: string;
};

/** From where it is accepted. */
export type Visit = { requestId: string | null; address: string };

/**
 * Makes the account that an invitation promises: active, verified, with the profile and the end that the invitation says, and
 * uses up its link. Of several at once one succeeds. Throws Invalid for fields to mend, Refused when no place is left, when the link
 * was used or taken back meanwhile, and for what `obstaclesTo` finds; then nothing is made.
 */
export async function acceptInvitation(db: Db, link: Link, typed: SignUp, visit: Visit): Promise<void> {
  const invitation = await findInvitation(db, link.invitationId);
  await assertUsable(db, invitation, typed);
  const passwordHash = await hashPassword(typed.password);
  await db.transaction((trx) => accept(trx, link, invitation, { ...typed, passwordHash, visit })).catch(asRefusal);
}

/** Asked before the slow hash is made, and again in the transaction. */
async function assertUsable(db: Db, invitation: Invitation, typed: SignUp): Promise<void> {
  await assertUsernameFree(db, typed.username);
  const problems = addressesAmongNames(typed);
  if (!nameOf(typed)) problems.name = nameNeeded;
  const problem = passwordProblem(typed.password, { username: typed.username, email: invitation.email });
  if (problem) problems.password = problem;
  if (Object.keys(problems).length > 0) throw new Invalid(problems);
  await assertAcceptable(db, invitation);
}

type Accepting = SignUp & { passwordHash: string; visit: Visit };

/** The counter first, then whoever invited, then the invitation: in this order every act holds them. */
async function accept(trx: Trx, link: Link, { id, invitedBy }: Invitation, typed: Accepting): Promise<void> {
  if ((await freePlaces(trx)) < 1)
    throw new Refused('All accounts of this console are in use. Tell whoever invited you; the invitation stays open.');
  const maker: User | undefined = await trx('users').where({ id: invitedBy }).forShare().first(userColumns(trx));
  const invitation = await holdInvitation(trx, id);
  await useLink(trx, link);
  await assertAcceptable(trx, invitation);
  const user = await insertUser(trx, invitation, typed);
  await trx('invitations')
    .where({ id })
    .update({ acceptedAt: now(trx) });
  const by: Author = { id: user.id, username: user.username, sessionId: null, ...typed.visit };
  await record(trx, by, 'invitation.accepted', user, { changes: user.changes, facts: { invitationId: id } });
  await dropInvitationLetters(trx, [invitation]);
  if (maker && isReached(maker)) await tell(trx, maker, { ...user, email: invitation.email });
}

async function insertUser(trx: Trx, { userId, email, profile, expiresAt }: Invitation, typed: Accepting) {
  const { username, firstName, lastName, organization } = typed;
  const state = 'STATE_APPROVED' as const;
  const row = { username, email, name: nameOf(typed), firstName, lastName, organization, profile, expiresAt, state };
  await trx.raw(insertAccount, { ...row, id: userId, passwordHash: typed.passwordHash });
  return { id: userId, username, name: row.name, changes: changesBetween({}, row) };
}

const insertAccount = `
  insert into users (id, username, email, name, first_name, last_name, organization, profile, expires_at, state,
    password_hash, password_updated_at, email_verified_at)
  overriding system value
  values (:id, :username, :email, :name, :firstName, :lastName, :organization, :profile, :expiresAt, :state,
    :passwordHash, now(), now())`;

const isReached = (user: User) => standingOf(accountOf(user)) !== 'none';

const tell = (trx: Trx, maker: User, { id, name, username, email }: Pick<User, 'id' | 'name' | 'username' | 'email'>) =>
  enqueueLetter(trx, { kind: 'invitation-accepted', user: maker, data: { name, username, email }, aboutId: id });

/** Somebody was faster with the name or the address. */
function asRefusal(error: unknown): never {
  const { constraint } = error as { constraint?: string };
  if (isTaken(error) && constraint === 'users_live_email') throw new Refused(obstacles.account.told);
  return asTaken(error);
}
