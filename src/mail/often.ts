import type { Db } from '../ground/database.ts';
import { Refused } from '../ground/errors.ts';
import type { Purpose } from '../links/links.ts';

/** Letters that bring somebody a link of one purpose: not more than so many in an hour, and one in a minute. */
const mostInAnHour = 5;

/** Those of these users, by id, whom no further letter with a link of this purpose is sent now, each with the sentence why. */
export async function mailedTooOften(db: Db, userIds: number[], purpose: Purpose): Promise<Map<number, Refused>> {
  const mailed: { userId: number; letters: number; isFresh: boolean }[] = await db('letters')
    .join('links', 'links.id', 'letters.linkId')
    .whereRaw('letters.user_id = any(?)', [userIds])
    .where('links.purpose', purpose)
    .whereNot('letters.state', 'dropped')
    .whereRaw(`letters.created_at > now() - interval '1 hour'`)
    .groupBy('letters.userId')
    .select('letters.userId')
    .select(db.raw(`count(*) as letters, bool_or(letters.created_at > now() - interval '1 minute') as is_fresh`));
  const often = mailed.filter(({ letters, isFresh }) => isFresh || letters >= mostInAnHour);
  return new Map(often.map(({ userId, isFresh }) => [userId, new Refused(isFresh ? fresh : many)]));
}

const fresh = 'Such a mail was written less than a minute ago. Wait a moment.';
const many = `${mostInAnHour} such mails were written within the last hour. Wait until the hour is over.`;
