import { sendAnnouncement, workOn } from '../src/announcements/send.ts';
import { writeAnnouncement } from '../src/announcements/write.ts';
import type { Db, Trx } from '../src/ground/database.ts';
import { tell, tellAdministrators } from '../src/notifications/notify.ts';
import { actorAgain } from '../src/users/runner.ts';
import type { Name } from './world.ts';

const maintenance = `On Sunday, 6 December, the console is not reachable from 02:00 to 04:00 UTC.

Trackers keep what they record in that time and send it afterwards: nothing is lost.
How it goes is shown at https://status.example.com/maintenance`;

const billing = `From January the period of a statement is the calendar month.

Nothing changes in what you pay. Questions: reply under Feedback.`;

/** What people of the small world have been told, in the demonstration: an announcement that some have read, a draft, and what happened to them. */
export async function contactWorld(trx: Trx): Promise<void> {
  const users: { id: number; username: Name; name: string }[] = await trx('users').select('id', 'username', 'name');
  const of = (username: Name) => users.find((user) => user.username === username) as (typeof users)[number];
  const things: { id: number; name: string }[] = await trx('things').select('id', 'name');
  const pathOf = (name: string) => `/my/objects/${things.find((thing) => thing.name === name)?.id}`;
  await announce(trx, of('olga').id);
  const shared = {
    kind: 'thing-shared',
    data: { by: of('uma').name, thing: 'Lorry 12', may: 'view', path: pathOf('Lorry 12') },
  } as const;
  await tell(trx, of('ines').id, { ...shared, aboutId: of('uma').id });
  await tell(trx, of('uma').id, { kind: 'thing-unshared', data: { by: of('flo').name, thing: 'Pump 2' }, aboutId: of('flo').id });
  await tellAdministrators(trx, { kind: 'mail-fails' });
}

async function announce(db: Db, id: number): Promise<void> {
  const olga = await actorAgain(db, { id, sessionId: null, requestId: null, address: '' }, 'send announcement');
  if (!olga) throw new Error('Olga cannot announce anything.');
  const sent = await writeAnnouncement(db, olga, {
    title: 'Maintenance on 6 December',
    text: maintenance,
    words: '',
    mails: false,
    bannerUntil: new Date(Date.now() + 10 * 86_400_000),
  });
  await sendAnnouncement(db, olga, { id: sent, version: 1 });
  await workOn(db, sent);
  await db('notifications')
    .whereRaw('user_id % 3 = 0')
    .update({ readAt: db.raw('now()') });
  const words = 'profile:customer balance:>0';
  await writeAnnouncement(db, olga, {
    title: 'Statements by calendar month',
    text: billing,
    words,
    mails: true,
    bannerUntil: null,
  });
}
