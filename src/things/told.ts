import { type Doer, subjectOf } from '../access/actor.ts';
import type { Trx } from '../ground/database.ts';
import { tell } from '../notifications/notify.ts';
import type { Data, NoticeKind } from '../notifications/words.ts';
import { sectionWords } from './kinds.ts';
import type { Thing } from './thing.ts';

type Told = { kind: NoticeKind; data: Data };

/** Tells a user what was done with a thing that concerns it, in the name of whoever it was done for; nobody is told of its own acts. */
export async function tellOfThing(trx: Trx, by: Doer, userId: number, { kind, data }: Told): Promise<void> {
  const who = by.id === null ? null : subjectOf(by);
  if (userId === by.id || userId === who?.id) return;
  await tell(trx, userId, { kind, data: { by: who?.name ?? 'An administrator', ...data }, ...(who ? { aboutId: who.id } : {}) });
}

/** A thing as it is named there, with its page among the user's own sections. */
export const toldOf = ({ id, name, section }: Thing) => ({ thing: name, path: `/my${sectionWords[section].path}/${id}` });
