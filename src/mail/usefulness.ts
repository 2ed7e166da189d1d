import { stateNames } from '../access/standing.ts';
import type { Found, Purpose } from '../links/links.ts';
import type { Addressee } from './reader.ts';

type Asked = { reader: Addressee | null; found: Found };

const unlessOver = ({ found: { state } }: Asked) =>
  state === 'used' ? 'It has been used already.' : state === 'void' ? 'It has been taken back.' : null;

/** Why a link of each kind would be of no use to its reader any more, or null: asked before a new one is made. */
const reasons: Record<Purpose, (asked: Asked) => string | null> = {
  verification: ({ reader }) => (reader?.isVerified ? `The address of ${reader.name} is verified by now.` : null),
  'email-change': unlessOver,
  invitation: unlessOver,
  activation: ({ reader }) => (reader?.state === 'STATE_INVITED' ? null : `${isNow(reader)}: there is nothing to activate.`),
  reset: ({ reader }) => {
    if (reader?.identitySource === 'federated') return `${reader.name} signs in at the identity provider.`;
    const isOut = reader?.state === 'STATE_INVITED' || reader?.state === 'STATE_INACTIVE';
    return isOut ? `${isNow(reader)}: a new password would not let this user in.` : null;
  },
};

export function whyNoUse(asked: Asked): string | null {
  if (asked.reader?.isDeleted) return `${asked.reader.name} is deleted.`;
  return reasons[asked.found.link.purpose](asked);
}

const isNow = (reader: Addressee | null) => (reader ? `${reader.name} is ${stateNames[reader.state]}` : 'There is no account');
