import type { Author } from '../access/actor.ts';
import { profileNames } from '../access/profiles.ts';
import type { Trx } from '../ground/database.ts';
import { plain, recordAll } from '../history/record.ts';
import { issueLinks, type Link } from '../links/links.ts';
import { dropLettersOf, enqueueLetters, type NewLetter } from '../mail/letters.ts';
import { type Invitation, invited } from './invitation.ts';

type Sending = 'invitation.sent' | 'invitation.resent';

/**
 * Gives each of these invitations, which are held, a link that voids the one before, records it and writes the letters. Says the
 * numbers of the acts in the history.
 */
export async function sendInvitations(trx: Trx, by: Author, act: Sending, invitations: Invitation[]): Promise<number[]> {
  if (invitations.length === 0) return [];
  const links = await linksFor(trx, invitations);
  const names = await namesOf(trx, invitations);
  const happened = invitations.map((invitation) => ({ user: invited(invitation), details: { facts: factsOf(act, invitation) } }));
  const historyIds = await recordAll(trx, by, act, happened);
  const letters = invitations.map((invitation): NewLetter => {
    const link = links.get(invitation.id) as Link;
    return { kind: 'invitation', user: null, address: invitation.email, data: dataOf(invitation, names), link };
  });
  await enqueueLetters(trx, letters, { historyIds });
  return historyIds;
}

/** Letters of these invitations that have not left yet are not sent: a newer one comes, or none is needed. */
export async function dropInvitationLetters(trx: Trx, invitations: Invitation[]): Promise<void> {
  const userIds = invitations.map(({ userId }) => userId);
  await dropLettersOf(trx, await trx('history').whereRaw('user_id = any(?)', [userIds]).pluck('id'));
}

/** All that end at one moment in one statement: that is all of them, unless older ones are sent again. */
async function linksFor(trx: Trx, invitations: Invitation[]): Promise<Map<number, Link>> {
  const links = new Map<number, Link>();
  const endOf = ({ linkExpiresAt }: Invitation) => linkExpiresAt.getTime();
  for (const end of new Set(invitations.map(endOf))) {
    const some = invitations.filter((invitation) => endOf(invitation) === end);
    const holders = some.map(({ id, email }) => ({ invitationId: id, email }));
    const issued = await issueLinks(trx, 'invitation', holders, new Date(end));
    for (const link of issued) links.set(link.invitationId as number, link);
  }
  return links;
}

async function namesOf(trx: Trx, invitations: Invitation[]): Promise<Map<number | null, string>> {
  const makers = invitations.flatMap(({ invitedBy }) => invitedBy ?? []);
  const found = await trx('users')
    .whereRaw('id = any(?)', [[...new Set(makers)]])
    .select('id', 'name');
  return new Map(found.map(({ id, name }) => [id, name]));
}

const dataOf = ({ invitedBy, profile, note, linkDays }: Invitation, names: Map<number | null, string>) => ({
  inviter: names.get(invitedBy) ?? '',
  profile: profileNames[profile],
  note,
  days: String(linkDays),
});

function factsOf(act: Sending, { id, name, profile, expiresAt, note, linkDays }: Invitation) {
  if (act === 'invitation.resent') return {};
  const said = Object.entries({ name, expiresAt, note }).filter(([, value]) => value);
  return { invitationId: id, profile, linkDays, ...Object.fromEntries(said.map(([field, value]) => [field, plain(value)])) };
}
