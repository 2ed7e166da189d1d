import { createHash } from 'node:crypto';
import { profileNames } from '../access/profiles.ts';
import { figure } from '../web/figures.ts';
import { type Judged, verdicts } from './judge.ts';
import type { Line } from './lines.ts';

/** What the form shows of a list whose lines have their verdicts: what is to be mended before what is well. */
export function verdictsOf(judged: Judged[]) {
  const counted = (word: Judged['verdict']) => judged.filter(({ verdict }) => verdict === word).length;
  const rows = judged.filter(({ verdict }) => verdict !== 'over').map((line) => ({ ...line, ...shownOf(line) }));
  const [ready, invited, over] = [counted('ready'), counted('invited'), counted('over')];
  return {
    rows: [...rows.filter(({ verdict }) => verdict !== 'ready'), ...rows.filter(({ verdict }) => verdict === 'ready')],
    ready,
    invited,
    over,
    bad: judged.length - ready - invited - over,
    checked: digestOf(judged),
    button: ready > 0 ? `Invite ${people(ready)}` : `Send another link to ${people(invited)}`,
    makesAdministrators: judged.some(makesAdministrator),
  };
}

const shownOf = ({ verdict, profile }: Judged) => ({
  badge: { text: verdicts[verdict].label, tone: verdicts[verdict].tone },
  profileName: profileNames[profile],
});

/** True for lines that are only invited after a proof of identity. */
export const makesAdministrator = ({ verdict, profile }: Judged) => verdict === 'ready' && profile === 'administrator';

/** Tells whether lines are those whose verdicts somebody has seen. */
export const digestOf = (lines: Line[]) =>
  createHash('sha256')
    .update(JSON.stringify(lines.map(({ text, profile }) => [text, profile])))
    .digest('hex');

/** “12 people have been invited, and 3 invited again.” */
export function summaryOf(sent: number, resent: number): string {
  if (resent === 0) return `${people(sent)} ${have(sent)} been invited.`;
  if (sent === 0) return `${people(resent)} ${have(resent)} been invited again.`;
  return `${people(sent)} ${have(sent)} been invited, and ${figure(resent)} invited again.`;
}

const people = (number: number) => `${figure(number)} ${number === 1 ? 'person' : 'people'}`;
const have = (number: number) => (number === 1 ? 'has' : 'have');
