import { randomUUID } from 'node:crypto';
import type { Db } from '../src/ground/database.ts';
import type { Name } from './world.ts';

/** What the people of the small world own, in the demonstration: a few of each kind, in two groups, some of them shared, and money. */
export async function thingsWorld(db: Db): Promise<void> {
  const users: { id: number; username: Name }[] = await db('users').select('id', 'username');
  const idOf = (name: Name) => users.find(({ username }) => username === name)?.id as number;
  const things = new Map<string, number>();
  for (const { owner, ...thing } of demonstration) {
    const [made] = await db('things')
      .insert({ ...thing, ownerId: idOf(owner) })
      .returning('id');
    things.set(thing.name, made.id);
  }
  const thingOf = (name: string) => things.get(name) as number;
  await db('things')
    .where({ id: thingOf('Lorry 12') })
    .update({ trackerId: thingOf('Tracker 12') });
  await db('things')
    .where({ id: thingOf('Cab camera 12') })
    .update({ objectId: thingOf('Lorry 12') });
  for (const [name, { description, users: members, things: within }] of Object.entries(groups)) {
    const [group] = await db('groups').insert({ name, description }).returning('id');
    await db('groupUsers').insert(members.map((member) => ({ groupId: group.id, userId: idOf(member) })));
    await db('groupThings').insert(within.map((thing) => ({ groupId: group.id, thingId: thingOf(thing) })));
  }
  await db('shares').insert([
    { thingId: thingOf('Lorry 12'), userId: idOf('ines'), may: 'view', sharedBy: idOf('uma') },
    { thingId: thingOf('Pump 3'), userId: idOf('uma'), may: 'manage', endsAt: '2030-01-01', sharedBy: idOf('flo') },
  ]);
  await moneyWorld(db, idOf);
}

/** Through the books, as everything that moves a balance. */
async function moneyWorld(db: Db, idOf: (name: Name) => number): Promise<void> {
  const posts: [Name, 'refill' | 'payment', number][] = [
    ['uma', 'refill', 50_000],
    ['ines', 'refill', 7_500],
    ['flo', 'refill', 1_250],
  ];
  for (const [name, kind, amountMinor] of posts)
    await db('transactions').insert({
      userId: idOf(name),
      kind,
      amountMinor,
      at: new Date(Date.now() - 100 * 86_400_000),
      idempotencyKey: randomUUID(),
      actorId: idOf('olga'),
    });
}

type Thing = { owner: Name; kind: string; name: string } & Record<string, unknown>;

const demonstration: Thing[] = [
  { owner: 'uma', kind: 'object', name: 'Lorry 12', assetKind: 'truck', plate: 'AB 1234-7' },
  { owner: 'uma', kind: 'object', name: 'Lorry 13', assetKind: 'truck', plate: 'AB 1235-7' },
  { owner: 'uma', kind: 'object', name: 'Trailer 5', assetKind: 'trailer', plate: 'A 4412 B-7' },
  { owner: 'uma', kind: 'tracker', name: 'Tracker 12', model: 'FMB920', imei: '490154203237518', phone: '+375 29 555-01-12' },
  { owner: 'uma', kind: 'tracker', name: 'Tracker 13', model: 'FMB920', imei: '356938035643809' },
  { owner: 'uma', kind: 'camera', name: 'Cab camera 12', streamAddress: 'rtsp://camera.example/12' },
  { owner: 'ines', kind: 'object', name: 'Bicycle' },
  { owner: 'ines', kind: 'dashboard', name: 'Home', reference: 'dash-home' },
  { owner: 'flo', kind: 'device', name: 'Pump 3', reference: 'pump-3' },
  { owner: 'flo', kind: 'bucket', name: 'Readings', reference: 'readings' },
  { owner: 'flo', kind: 'plugin', name: 'Weather', reference: 'weather' },
];

const groups: Record<string, { description: string; users: Name[]; things: string[] }> = {
  North: { description: 'Vehicles of the northern depot', users: ['gus'], things: ['Lorry 12', 'Tracker 12', 'Cab camera 12'] },
  South: { description: 'Vehicles and pumps of the south', users: ['gus', 'mona'], things: ['Lorry 13', 'Trailer 5', 'Pump 3'] },
};

/** As many groups as a large platform has. */
const crowdGroups = 40;

/**
 * Gives a crowd things of all kinds (three for ten accounts), groups and shares: made by the database alone, with the things of
 * many owners in each statement, so that their number is counted once for each.
 */
export async function addCrowdThings(db: Db): Promise<void> {
  const { rows } = await db.raw(
    `select 1 from things join users on users.id = things.owner_id where username like 'user-%' limit 1`,
  );
  if (rows.length > 0) return;
  for (const sql of [insertThings, insertGroups, groupThings, groupUsers, insertShares]) await db.raw(sql, { crowdGroups });
  await db.raw('vacuum (analyze) things, groups, group_things, group_users, shares');
}

const crowd = `username like 'user-%' and deleted_at is null`;

const insertThings = `
  insert into things (kind, owner_id, name, plate, model, imei, reference, created_at)
  select kind, id,
    case kind when 'object' then 'Vehicle ' || id || '-' || n when 'tracker' then 'Tracker ' || id || '-' || n
      when 'camera' then 'Camera ' || id || '-' || n else initcap(kind) || ' ' || id || '-' || n end,
    case when kind = 'object' then chr(65 + (id % 26)::int) || chr(65 + (id / 26 % 26)::int) || ' ' || lpad((id % 10000)::text, 4, '0') else '' end,
    case when kind = 'tracker' then (array['FMB920', 'GL300', 'TK103'])[1 + id % 3] else '' end, '',
    case when kind in ('device', 'dashboard', 'bucket', 'plugin') then kind || '-' || id || '-' || n else '' end,
    registered_at + make_interval(days => n::int)
  from (
    select users.*, n, (array['object', 'object', 'object', 'tracker', 'tracker', 'camera', 'device', 'dashboard', 'bucket', 'plugin'])
      [1 + (id + n * 3) % 10] as kind
    from users, generate_series(1, 1 + id % 4) as n where ${crowd} and profile = 'customer' and id % 5 = 0
  ) as each`;

const insertGroups = `
  insert into groups (name, description) select 'Depot ' || n, 'Seeded depot number ' || n from generate_series(1, :crowdGroups) as n
  on conflict do nothing`;

const groupThings = `
  insert into group_things (group_id, thing_id)
  select groups.id, things.id from things join groups on groups.name = 'Depot ' || (1 + things.id % :crowdGroups) where things.id % 3 = 0
  on conflict do nothing`;

const groupUsers = `
  insert into group_users (group_id, user_id)
  select groups.id, users.id from users join groups on groups.name = 'Depot ' || (1 + users.id % :crowdGroups)
  where ${crowd} and (profile = 'group' or (profile in ('standard', 'monitor') and users.id % 2 = 0))
  on conflict do nothing`;

const insertShares = `
  insert into shares (thing_id, user_id, may, ends_at)
  select things.id, users.id, case when things.id % 4 = 0 then 'manage' else 'view' end,
    case when things.id % 3 = 0 then now() + interval '90 days' end
  from things join users on users.username = 'user-' || (things.owner_id + 1) and users.id <> things.owner_id and users.profile = 'customer'
  where things.id % 20 = 0 on conflict do nothing`;
