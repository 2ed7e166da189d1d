import { stateNames } from '../access/standing.ts';
import type { Purpose } from '../links/links.ts';
import { templateOrNull } from './catalogue.ts';
import type { Line } from './list.ts';
import type { Letter } from './queue.ts';
import type { Reader } from './words/template.ts';

/** Whose letter it is, as the account is now. */
export type Addressee = Reader & { id: number; username: string; name: string; email: string };

type Bringing = Pick<Line, 'purpose' | 'linkState'>;

/** A link that is bound to what it was given for ends with it: a new one would be about something that is settled. */
const unlessSettled = ({ linkState }: Bringing) =>
  linkState === 'used' ? 'It has been used already.' : linkState === 'void' ? 'It has been taken back.' : null;

/** Why a link of each kind would be of no use to its reader any more, or null. */
const reasons: Record<Purpose, (bringing: Bringing, reader: Addressee | null) => string | null> = {
  verification: (_, reader) => (reader?.isVerified ? `The address of ${reader.name} is verified by now.` : null),
  'email-change': unlessSettled,
  // It has a clock, limits and a proof of its own.
  invitation: () => 'An invitation is sent again, and its link copied, on its own page: see Invitations.',
  activation: (_, reader) => (reader?.state === 'STATE_INVITED' ? null : `${isNow(reader)}: there is nothing to activate.`),
  reset: (_, reader) => {
    if (reader?.identitySource === 'federated') return `${reader.name} signs in at the identity provider.`;
    const isOut = reader?.state === 'STATE_INVITED' || reader?.state === 'STATE_INACTIVE';
    return isOut ? `${isNow(reader)}: a new password would not let this user in.` : null;
  },
};

const isNow = (reader: Addressee | null) => (reader ? `${reader.name} is ${stateNames[reader.state]}` : 'There is no account');

/** Why the link of a letter, the present or a new one, would be of no use to its reader, or null. */
export const whyLinkIsUseless = (bringing: Bringing, reader: Addressee | null): string | null => {
  if (reader?.isDeleted) return `${reader.name} is deleted.`;
  return bringing.purpose && reasons[bringing.purpose](bringing, reader);
};

type Again = Pick<Letter, 'kind' | 'state' | 'data' | 'linkCounter'> & Bringing;

/** Why a letter cannot be sent again, or null. */
export function whyNotAgain(letter: Again, reader: Addressee | null, outgoingMail: boolean): string | null {
  const template = templateOrNull(letter.kind);
  if (!template) return 'This release does not know letters of this kind.';
  if (letter.state === 'queued') return 'It is still on its way.';
  if (letter.linkCounter !== null) return letter.purpose ? whyLinkIsUseless(letter, reader) : 'The link that it brought is gone.';
  if (!outgoingMail) return 'Outgoing mail is off.';
  if (!reader) return null;
  if (reader.isDeleted && !template.isForDeleted) return `${reader.name} is deleted.`;
  const holds = template.stillHolds?.(reader, letter.data) ?? true;
  return holds ? null : `What it says is not so any more: ${reader.name} has been changed since.`;
}

/** Why the link of a letter cannot be copied, or null. A reset link is its reader's alone while mail can be sent. */
export function whyNotCopied(letter: Bringing, reader: Addressee | null, outgoingMail: boolean): string | null {
  if (letter.linkState !== 'open') return letter.linkState ? overWords[letter.linkState] : 'This letter brings no link.';
  if (letter.purpose === 'reset' && outgoingMail)
    return 'A link to reset a password is for its reader alone while mail can be sent. Send it again instead.';
  return whyLinkIsUseless(letter, reader);
}

const overWords = {
  used: 'The link has been used.',
  expired: 'The link has expired. Send the letter again: that makes a new one.',
  void: 'The link has been taken back.',
  replaced: 'A newer letter has replaced the link.',
};
