import { randomUUID } from 'node:crypto';
import type { Db } from '../src/ground/database.ts';
import type { Name } from './world.ts';

type Word = { by: Name; text: string; side?: 'administrator' | 'note'; hoursAgo: number };
type Conversation = { of: Name; kind: string; state: string; words: Word[] };

/** What the people of the small world have told the administrators, in the demonstration. */
const conversations: Conversation[] = [
  {
    of: 'ines',
    kind: 'praise',
    state: 'closed',
    words: [
      { by: 'ines', text: 'The new map is quick, also on my old phone. Thank you.', hoursAgo: 400 },
      { by: 'oscar', side: 'administrator', text: 'Good to hear. I have passed it on.', hoursAgo: 390 },
    ],
  },
  {
    of: 'uma',
    kind: 'question',
    state: 'answered',
    words: [
      { by: 'uma', text: 'Can two of our drivers use one account?\nThey never drive on the same day.', hoursAgo: 170 },
      {
        by: 'oscar',
        side: 'note',
        text: 'They asked the same on the phone in March. A second account costs them nothing.',
        hoursAgo: 165,
      },
      {
        by: 'olga',
        side: 'administrator',
        text: 'They can, but please do not: what each of them does stands in the history under one name then.\n\nSay how many you need, and I send the invitations.',
        hoursAgo: 164,
      },
    ],
  },
  {
    of: 'flo',
    kind: 'idea',
    state: 'open',
    words: [
      { by: 'flo', text: 'A chart of the pump’s pressure over a month, beside the one of a day.', hoursAgo: 52 },
      { by: 'olga', side: 'administrator', text: 'Would one value an hour be enough for you?', hoursAgo: 30 },
      { by: 'flo', text: 'One an hour is plenty.', hoursAgo: 26 },
    ],
  },
  {
    of: 'uma',
    kind: 'problem',
    state: 'open',
    words: [
      { by: 'olga', text: 'Called: Lorry 13 has stood still on the map since this morning, although it drives.', hoursAgo: 5 },
    ],
  },
  {
    of: 'mona',
    kind: 'question',
    state: 'open',
    words: [{ by: 'mona', text: 'From when on do I see the things of the depot in the west?', hoursAgo: 2 }],
  },
];

export async function feedbackWorld(db: Db): Promise<void> {
  const users: { id: number; username: string }[] = await db('users').select('id', 'username');
  const idOf = (name: Name) => users.find(({ username }) => username === name)?.id as number;
  const ago = (hours: number) => db.raw('now() - make_interval(hours => ?)', [hours]);
  for (const { of, kind, state, words } of conversations) {
    const [first, last] = [words[0] as Word, words.at(-1) as Word];
    const userId = idOf(of);
    const times = { createdAt: ago(first.hoursAgo), lastMessageAt: ago(last.hoursAgo) };
    const waitsSince = state === 'open' ? ago(last.hoursAgo) : null;
    const row = { userId, kind, state, ...times, waitsSince, version: words.length };
    const [{ id: feedbackId }] = await db('feedback').insert(row).returning('id');
    for (const { by, text, side = 'user', hoursAgo } of words)
      await db('feedbackMessages').insert({
        feedbackId,
        userId,
        side,
        authorId: idOf(by),
        text,
        idempotencyKey: randomUUID(),
        at: ago(hoursAgo),
      });
  }
}
