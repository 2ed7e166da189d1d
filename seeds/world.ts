import type { Profile } from '../src/access/profiles.ts';
import type { State } from '../src/access/standing.ts';
import type { Db } from '../src/ground/database.ts';
import { hashPassword } from '../src/users/password.ts';

/** The password of everybody in the small world: demonstration and stories only. */
export const worldPassword = 'kettle-orbit-velvet';

type Person = { name: string; profile?: Profile; state?: State; reason?: string; more?: Record<string, unknown> };

/** The people of one small world: the stories of the tests and the demonstration are about them. */
export const people = {
  olga: { name: 'Olga Ivanova', profile: 'administrator', more: { description: 'Runs this console' } },
  oscar: { name: 'Oscar Novak', profile: 'administrator' },
  stan: { name: 'Stan Kowalski', profile: 'standard' },
  gus: { name: 'Gus Nordberg', profile: 'group' },
  mona: { name: 'Mona Fischer', profile: 'monitor' },
  april: { name: 'April Programs', profile: 'api' },
  uma: {
    name: 'Uma Trucking Ltd',
    more: {
      first_name: 'Uma',
      last_name: 'Horvat',
      organization: 'Uma Trucking Ltd',
      phone: '+375 29 123-45-67',
      user_type: 'legal_entity',
      unp: '190275311',
      legal_address: '12 Main St, Minsk',
      bank: 'Belagroprombank',
      bank_account: 'BY17437166598339548353',
      preferred_map: 'OpenStreetMap',
    },
  },
  lea: { name: 'Lea Sørensen', more: { locked_at: '2026-11-20T08:00:00Z' } },
  ines: { name: 'Inês Smirnova', more: { phone: '+34 91 123 45 67' } },
  ivo: { name: 'Ivo Dvořák', state: 'STATE_INVITED', more: { password_hash: null } },
  nina: { name: 'Nina Costa', state: 'STATE_INACTIVE' },
  rita: { name: 'Rita Almeida', state: 'STATE_REQUESTED' },
  sue: { name: 'Sue Tanaka', state: 'STATE_SUSPENDED', reason: 'Invoice 1043 is not paid.' },
  flo: { name: 'Flo Jansen', state: 'STATE_FLAGGED', reason: 'Two hundred trackers in one day.' },
  rex: { name: 'Rex Quiroga', state: 'STATE_REJECTED', reason: 'We could not reach you.' },
  vera: { name: 'Вера Петрова', more: { email_verified_at: null } },
  xena: { name: 'Xena Müller', more: { expires_at: '2026-06-30T23:59:59Z' } },
  dora: { name: 'Dora Deleted', more: { deleted_at: new Date(Date.now() - 5 * 86_400_000) } },
} as const satisfies Record<string, Person>;

export type Name = keyof typeof people;

/** Puts everybody into an empty database; says their ids. */
export async function peopleWorld(db: Db): Promise<Record<Name, number>> {
  const passwordHash = await worldHash();
  const rows = Object.entries(people as Record<string, Person>).map(
    ([username, { name, profile, state, reason, more }], index) => ({
      username,
      registered_at: new Date(Date.UTC(2026, 0, 5 + index * 17)),
      email: `${username}@world.example`,
      email_verified_at: '2026-01-05T09:00:00Z',
      name,
      profile: profile ?? 'customer',
      state: state ?? 'STATE_APPROVED',
      state_reason: reason ?? '',
      password_hash: passwordHash,
      password_updated_at: '2026-01-05T09:00:00Z',
      ...more,
    }),
  );
  const ids: Record<string, number> = {};
  for (const row of rows) {
    const [made] = await db('users').insert(row).returning('id');
    ids[row.username] = made.id;
  }
  return ids as Record<Name, number>;
}

let hash: Promise<string> | undefined;

/** Hashed once a process: everybody has the same password. */
function worldHash(): Promise<string> {
  hash ??= hashPassword(worldPassword);
  return hash;
}
