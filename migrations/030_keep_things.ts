import type { Knex } from 'knex';

/** What users own, the groups that things and users are in, and with whom things are shared; made for millions. */
export async function up(db: Knex): Promise<void> {
  await keepThings(db);
  await countThings(db);
  await keepGroups(db);
  await db.raw(`
    create table shares (
      id bigint generated always as identity primary key,
      thing_id bigint not null references things on delete cascade,
      user_id bigint not null references users on delete cascade,
      may text not null check (may in ('view', 'manage')),
      ends_at timestamptz,
      shared_by bigint,
      created_at timestamptz not null default now(),
      unique (thing_id, user_id)
    )`);
  await db.raw(`create index shares_with_user on shares (user_id, thing_id)`);
  await db.raw(`alter table settings add column restrictions boolean not null default true`);
}

/** One table for all kinds; `section` is the list in which a kind stands. While its owner is deleted a thing is hidden. */
async function keepThings(db: Knex): Promise<void> {
  await db.raw(`
    create table things (
      id bigint generated always as identity primary key,
      kind text not null check (kind in ('object', 'tracker', 'camera', 'device', 'dashboard', 'bucket', 'plugin')),
      section text not null generated always as (case when kind in ('object', 'tracker', 'camera') then kind else 'thing' end) stored,
      owner_id bigint not null references users on delete cascade,
      name text not null check (length(name) between 1 and 100),
      asset_kind text not null default '',
      plate text not null default '',
      tracker_id bigint references things on delete set null,
      model text not null default '',
      imei text not null default '' check (imei ~ '^([0-9]{15}|)$'),
      phone text not null default '',
      stream_address text not null default '',
      object_id bigint references things on delete set null,
      reference text not null default '',
      description text not null default '' check (length(description) <= 2000),
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      hidden_at timestamptz,
      search text not null generated always as (fold(name || E'\\n' || plate || E'\\n' || model || E'\\n' || imei || E'\\n' || phone
        || E'\\n' || regexp_replace(phone, '\\D', '', 'g') || E'\\n' || reference)) stored
    )`);
  await db.raw(`alter table things set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`);
  await db.raw(`create unique index things_imei on things (imei) where imei <> '' and hidden_at is null`);
  await db.raw(`create unique index things_tracker on things (tracker_id) where tracker_id is not null`);
  await db.raw(`create index things_of_object on things (object_id) where object_id is not null`);
  await db.raw(`create index things_search on things using gin (search gin_trgm_ops) where hidden_at is null`);
  for (const [name, key] of Object.entries(orders)) {
    await db.raw(`create index things_by_${name} on things (section, ${key}, id) where hidden_at is null`);
    await db.raw(`create index things_of_owner_by_${name} on things (owner_id, section, ${key}, id) where hidden_at is null`);
  }
}

/** The same expressions stand in src/things/order.ts. */
const orders = { name: 'fold(name)', created: 'created_at' };

/** How many things each user has is kept, not counted: the list of users is sorted by it. What is only edited touches no user. */
async function countThings(db: Knex): Promise<void> {
  await db.raw(`alter table users add column things integer not null default 0`);
  await db.raw(`create index users_by_things on users (things, id) where deleted_at is null`);
  await db.raw(`
    create function count_things() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        update users u set things = u.things + c.by
        from (select owner_id, count(*)::int as by from arrived group by owner_id) as c where u.id = c.owner_id;
      elsif tg_op = 'DELETE' then
        update users u set things = u.things - c.by
        from (select owner_id, count(*)::int as by from gone group by owner_id) as c where u.id = c.owner_id;
      else
        update users u set things = u.things + c.by
        from (
          select owner_id, sum(one)::int as by
          from (select owner_id, 1 as one from arrived union all select owner_id, -1 from gone) as each
          group by owner_id having sum(one) <> 0
        ) as c where u.id = c.owner_id;
      end if;
      return null;
    end $$`);
  const tables = {
    insert: 'new table as arrived',
    delete: 'old table as gone',
    update: 'old table as gone new table as arrived',
  };
  for (const [event, referencing] of Object.entries(tables)) {
    await db.raw(`create trigger count_things_${event} after ${event} on things referencing ${referencing}
      for each statement execute function count_things()`);
  }
}

async function keepGroups(db: Knex): Promise<void> {
  await db.raw(`
    create table groups (
      id bigint generated always as identity primary key,
      name text not null check (length(name) between 1 and 100),
      description text not null default '' check (length(description) <= 2000),
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`);
  await db.raw(`create unique index groups_by_name on groups (fold(name))`);
  for (const member of ['thing', 'user']) {
    await db.raw(`
      create table group_${member}s (
        group_id bigint not null references groups on delete cascade,
        ${member}_id bigint not null references ${member}s on delete cascade,
        primary key (group_id, ${member}_id)
      )`);
    await db.raw(`create index groups_of_${member} on group_${member}s (${member}_id)`);
  }
}
