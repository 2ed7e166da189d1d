import type { Db } from '../src/ground/database.ts';

const firstNames =
  'Ines Grace Boris 美咲 Maria Xavier Wanda Иван José Carla Rosa Katya Quentin Dmitri Zoë Nikolai Анна 健 Vera Hiro Sergei Tatiana Liam Farid Nguyễn Jonas Łukasz Amina Chen Olivia Mateo Priya Yusuf Elif Sven Freya Kwame Leïla Tomás Ewa'.split(
    ' ',
  );
const lastNames =
  "Smirnova Petrov Ueda Horvat Fischer Jansen Costa Müller Zieliński Lindqvist d'Arc Dvořák Virtanen Tanaka Almeida Kowalska García Rossi Петров Quiroga Okafor Nguyen Sørensen Ivanova Schmidt Haddad Novak Marković Durand Mensah O'Brien Yılmaz Sato Kim Silva Popescu Nielsen Weber Moreau Bianchi".split(
    ' ',
  );
const organizations = [
  'BelTrans Logistics',
  'Freight "Express" Ltd',
  'City Water Works',
  'Parcel & Sons',
  'Ferme du Lac, SARL',
  'Ünal Lojistik A.Ş.',
  'AgroSense',
  'Nordic Fleet AB',
  'Harbour Cranes Ltd',
  'Solar Fields GmbH',
];
const domains = ['example.com', 'example.org', 'example.net', 'fleet.example', 'iot.example'];
const banks = ['Belagroprombank', 'Deutsche Bank', 'Santander', 'Nordea'];
const chunk = 50_000;

/**
 * Adds `count` accounts with a realistic spread of names, states, profiles and dates; the same count gives the same crowd.
 * Their password is `passwordHash`'s. Says how far it is after every chunk.
 */
export async function addCrowd(
  db: Db,
  count: number,
  passwordHash: string,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  for (let done = 0; done < count; done += chunk) {
    const last = Math.min(done + chunk, count);
    await db.raw(insert, { from: done + 1, to: last, firstNames, lastNames, organizations, domains, banks, passwordHash });
    onProgress(last);
  }
  // Vacuumed too: only then are counts read from the indexes alone.
  await db.raw('vacuum (analyze) users');
}

/** One draw of the lot for each n and purpose: the same everywhere, spread evenly over 0 to 2^31. */
const draw = (purpose: string) =>
  `(hashint8(n * 31 + ${[...purpose].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0) % 100_000}) & 2147483647)`;
const pick = (list: string, purpose: string) => `(:${list}::text[])[1 + ${draw(purpose)} % cardinality(:${list}::text[])]`;
const percent = (purpose: string) => `(${draw(purpose)} % 100)`;

const insert = `
  insert into users (username, email, email_verified_at, name, first_name, last_name, organization, phone, user_type, unp,
    legal_address, bank, bank_account, preferred_map, description, profile, state, state_reason, locked_at, expires_at,
    last_sign_in_at, registered_at, updated_at, password_hash, password_updated_at, balance_minor)
  select
    'user-' || n,
    lower(regexp_replace(regexp_replace(normalize(first || '.' || last, NFKD), '[^A-Za-z.]', '', 'g'), '^\\.|\\.$', 'x', 'g')) || n || '@' || domain,
    case when chance_verified < 96 then registered + interval '1 hour' end,
    case when legal then organization else first || ' ' || last end, first, last,
    case when legal then organization else '' end,
    case when chance_phone < 80 then '+' || (array['375 29 ', '49 30 ', '1 212 ', '34 91 '])[1 + n % 4] || lpad((${draw('phone')} % 10000000)::text, 7, '0') else '' end,
    case when legal then 'legal_entity' else 'individual' end,
    case when legal then (100000000 + ${draw('unp')} % 900000000)::text else '' end,
    case when legal then (1 + n % 200) || ' Main St, Minsk' else '' end,
    case when legal then bank else '' end,
    case when legal then 'BY' || (10 + n % 90) || lpad((${draw('account')})::text, 18, '7') else '' end,
    (array['', 'Google', 'Yandex', 'OpenStreetMap'])[1 + n % 4],
    case when ${percent('description')} < 30 then (array['fleet', 'imported', 'pilot customer', 'pays by invoice'])[1 + n % 4] else '' end,
    case when chance_profile < 70 then 'customer' when chance_profile < 80 then 'standard' when chance_profile < 90 then 'group'
      when chance_profile < 98 then 'monitor' else 'api' end,
    state,
    case when state = 'STATE_SUSPENDED' then 'Invoice ' || (1000 + n % 9000) || ' is not paid.' else '' end,
    case when chance_locked = 0 then now() - make_interval(hours => (n % 700)::int) end,
    case when ${percent('expires')} < 5 then now() + make_interval(days => (n % 400 - 60)::int) end,
    case when state in ('STATE_APPROVED', 'STATE_FLAGGED', 'STATE_SUSPENDED') and ${percent('signed')} < 85
      then greatest(registered, now() - make_interval(secs => power(${draw('last')} % 100000 / 100000.0, 3) * 31536000)) end,
    registered, registered,
    case when state in ('STATE_INVITED') then null else :passwordHash end,
    registered,
    case when chance_profile < 70 and n % 4 = 1 then 50 * (1 + ${draw('balance')} % 2000) else 0 end
  from (
    select n, ${pick('firstNames', 'first')} as first, ${pick('lastNames', 'last')} as last, ${pick('organizations', 'organization')} as organization,
      ${pick('domains', 'domain')} as domain, ${pick('banks', 'bank')} as bank, ${percent('legal')} < 30 as legal,
      ${percent('verified')} as chance_verified, ${percent('hasphone')} as chance_phone, ${percent('profile')} as chance_profile,
      ${draw('locked')} % 70 as chance_locked,
      now() - make_interval(secs => ${draw('registered')} % 94608000) as registered,
      case when ${percent('state')} < 82 then 'STATE_APPROVED' when ${percent('state')} < 90 then 'STATE_INVITED'
        when ${percent('state')} < 95 then 'STATE_INACTIVE' when ${percent('state')} < 97 then 'STATE_SUSPENDED'
        when ${percent('state')} < 98 then 'STATE_FLAGGED' when ${percent('state')} < 99 then 'STATE_REQUESTED' else 'STATE_REJECTED' end as state
    from generate_series(:from::bigint, :to::bigint) as n
  ) as drawn
  on conflict do nothing`;
