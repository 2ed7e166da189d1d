import type { Knex } from 'knex';

/** Invitations: to whom, as what, for how long, and what has become of them. */
export async function up(db: Knex): Promise<void> {
  // `user_id` is the number that the account will have: what the history says of an invitation is that account's from the start,
  // so its purge erases it. `link_expires_at` repeats what the link says, for the orders and filters of the list.
  await db.raw(`
    create table invitations (
      id bigint generated always as identity primary key,
      user_id bigint not null unique default nextval('users_id_seq'),
      email text not null check (email ~ '^[\\x21-\\x7e]+@[\\x21-\\x7e]+$' and length(email) <= 254),
      name text not null default '' check (length(name) <= 201),
      profile text not null
        check (profile in ('administrator', 'standard', 'group', 'monitor', 'api', 'customer')),
      expires_at timestamptz,
      note text not null default '' check (length(note) <= 1000),
      link_days integer not null default 7 check (link_days between 1 and 30),
      link_expires_at timestamptz not null,
      invited_by bigint references users on delete set null,
      invited_at timestamptz not null default now(),
      sent_at timestamptz not null default now(),
      times_sent integer not null default 1,
      resent_at timestamptz[] not null default '{}',
      accepted_at timestamptz,
      revoked_at timestamptz,
      search text not null generated always as (fold(email || E'\\n' || name)) stored,
      check (accepted_at is null or revoked_at is null)
    )`);
  await db.raw(`create unique index invitations_one_open on invitations (lower(email collate "C"))
    where accepted_at is null and revoked_at is null`);
  await db.raw(`create index invitations_search on invitations using gin (search gin_trgm_ops)`);
  await db.raw(`create index invitations_of_maker on invitations (invited_by)`);
  for (const [name, key] of Object.entries(orders)) {
    await db.raw(`create index invitations_by_${name} on invitations (${key}, id)`);
  }
  await db.raw(`alter table links add foreign key (invitation_id) references invitations on delete cascade`);
  await db.raw(`create index links_of_invitation on links (invitation_id) where invitation_id is not null`);
  await db.raw(`create index if not exists letters_of_link on letters (link_id) where link_id is not null`);
  await watchTheirWords(db);
}

/** One index for each column of the list; the same expressions stand in src/invitations/order.ts. */
const orders = {
  email: 'lower(email collate "C")',
  profile: 'profile',
  sent: 'sent_at',
  expires: 'link_expires_at',
};

/** Those whose words the history must still have: the living accounts, and who is invited to one. */
async function watchTheirWords(db: Knex): Promise<void> {
  await db.raw(`create view recorded_people as select id from users union all select user_id from invitations`);
}
