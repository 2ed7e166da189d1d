import { expect } from 'chai';
import { camel, snake } from '../src/ground/names.ts';
import { settingNames, table } from '../src/settings/table.ts';
import { openRace, type Race } from './kit/race.ts';
import { serve, signedIn } from './kit/site.ts';
import { Visitor } from './kit/visitor.ts';

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const junk = [
  `' or 1=1 --`,
  `'; drop table users; --`,
  `1) union select password_hash from users--`,
  `(select pg_sleep(5))`,
  '\u0000',
  '%00',
  '\uFFFD\u202E\uFEFF',
  '💥'.repeat(300),
  'a'.repeat(10_000),
  '%_\\'.repeat(50),
  '"'.repeat(99),
  '-"a -state: «',
  'state:!,!! -last:>9d,never balance:!-0',
  'ab '.repeat(66),
  '-1',
  '1e999',
  '99999999999999999999',
  '0x10',
  '١٢',
  '{"a":1}',
  '[object Object]',
  '__proto__',
  'constructor',
  '-constructor',
  '../../etc/passwd',
  '9999-99-99',
  '<0000-01-01',
  '>99999d',
  ',,,',
  cursor([null, 1]),
  cursor(['x', 1]),
  cursor(['2026-01-01', -1]),
  cursor(['\ud800', 1]),
  cursor([['a'], {}]),
  cursor({ length: 2 }),
];
const listParameters = [
  'q',
  'state',
  'profile',
  'verified',
  'type',
  'last',
  'registered',
  'expires',
  'balance',
  'sort',
  'limit',
  'after',
  'before',
  'open',
  'view',
  'group',
  'x',
];
const pages: [path: string, parameters: string[]][] = [
  ['/users', listParameters],
  ['/users/count', listParameters],
  ['/users/views/new', ['q', 'state', 'balance', 'sort', 'view']],
  ['/users/views/counts', ['q', 'view']],
  ['/users/deleted', ['limit', 'after', 'before', 'sort']],
  ['/history', ['act', 'user', 'actor', 'before']],
  ['/users/uma/history', ['before']],
  ['/users/uma/suspend', ['return_to']],
];
const forms: [path: string, fields: string[]][] = [
  [
    '/users/new',
    [
      'username',
      'email',
      'name',
      'phone',
      'profile',
      'user_type',
      'expires_at',
      'password_by',
      'single_use_password',
      'password',
      'enabled',
      'preferred_map',
    ],
  ],
  ['/users/uma/edit', ['version', 'email', 'name', 'additional_info', 'profile', 'expires_at', 'return_to', 'email_verified']],
  ['/users/uma/edit', ['before', 'deciding', 'again', 'keep_email', 'keep_email_verified']],
  ['/users/uma/suspend', ['reason', 'return_to']],
  ['/users/uma/clear-tries', ['network']],
  ['/users/uma/sessions', ['session']],
  ['/users/views', ['name', 'is_shared', 'query']],
  ['/users/views/1/query', ['query']],
  ['/users/columns', ['columns', 'usual', 'return_to']],
  ['/users/dora/restore', ['email']],
  ['/users/dora/purge', ['typed_username']],
  ['/settings', ['group', 'version', 'before', 'count', 'proving', ...settingNames.map(snake)]],
];

describe('Junk in every parameter', () => {
  let race: Race;
  let olga: Visitor;
  let failures: string[];
  let close: () => Promise<void>;
  before(async function () {
    this.timeout(60_000);
    race = await openRace();
    const site = await serve({ db: race.one, owner: race.owner });
    failures = site.failures;
    olga = new Visitor(site.address, await signedIn(race.one, race.ids.olga), 'plain');
    await olga.get('/users/new');
    close = async () => {
      await site.close();
      await race.close();
    };
  });
  after(() => close());
  afterEach(() => expect(failures.splice(0)).to.deep.equal([]));

  /** The other fields of an edit as they should be, so that the one with junk gets as far as it can. */
  const restOf = async (path: string, field: string): Promise<Record<string, string>> => {
    if (path === '/settings')
      return { group: table[camel(field) as keyof typeof table]?.group ?? 'accounts', version: '1', before: '{}' };
    const { email, name, version } = await race.one('users').where({ username: 'uma' }).first();
    return path === '/users/uma/edit' ? { email, name, version: String(version), email_verified: 'on' } : {};
  };

  for (const [path, parameters] of pages) {
    it(`is answered with 200 or 4xx by ${path}`, async function () {
      this.timeout(60_000);
      for (const name of parameters) {
        for (const value of junk) {
          const page = await olga.get(`${path}?${new URLSearchParams({ [name]: value })}&sort=last`);
          expect(page.status, `${name}=${value.slice(0, 40)}`).to.be.within(200, 499);
          expect(page.html).to.not.include('$2b$');
        }
        const twice = await olga.get(`${path}?${name}=a&${name}=b&${name}[c]=d&${name}=%ff`);
        expect(twice.status, `${name} twice`).to.be.within(200, 499);
      }
    });
  }

  for (const [path, fields] of forms) {
    it(`is answered with 200 or 4xx by the form ${path}`, async function () {
      this.timeout(120_000);
      for (const name of fields) {
        for (const value of junk) {
          const status = (await olga.post(path, { ...(await restOf(path, name)), [name]: value })).status;
          expect(status, `${name}=${value.slice(0, 40)}`).to.be.within(200, 499);
          if (!olga.token()) await olga.get('/users/new');
        }
        const list: [string, string][] = [
          ['_csrf', olga.token()],
          [name, 'a'],
          [name, 'b'],
        ];
        expect((await olga.post(path, list)).status, `${name} twice`).to.be.within(200, 499);
        if (!olga.token()) await olga.get('/users/new');
      }
    });
  }

  it('is not found as a username', async () => {
    for (const value of [...junk, '%ff', 'UMA', 'uma.', ' uma']) {
      for (const tab of ['', '/edit', '/history', '/details', '/suspend', '/sign-in-check']) {
        const path = `/users/${value === '%ff' ? value : encodeURIComponent(value.slice(0, 1000))}${tab}`;
        expect((await olga.get(path)).status, path).to.be.oneOf([400, 404]);
      }
    }
  });

  it('changes nobody’s rights by names of every object', async () => {
    await olga.get('/users/new');
    await olga.post('/users/new', [
      ['_csrf', olga.token()],
      ['__proto__', 'x'],
      ['__proto__[profile]', 'administrator'],
      ['constructor[prototype][admin]', '1'],
      ['username', 'zoe-new'],
      ['email', 'zoe@world.example'],
      ['name', 'Zoe'],
    ]);
    expect((await race.one('users').where({ username: 'zoe-new' }).first()).profile).to.equal('customer');
    expect(({} as Record<string, unknown>).admin).to.equal(undefined);
    expect(({} as Record<string, unknown>).profile).to.equal(undefined);
  });

  it('changes nobody but whom its forms are about', async () => {
    expect(await race.one('users').where('version', '>', 1).pluck('username')).to.deep.equal(['uma']);
    expect(await race.one('users').whereNot({ profile: 'customer' }).pluck('username')).to.have.members([
      'olga',
      'oscar',
      'stan',
      'gus',
      'mona',
      'april',
    ]);
  });

  it('is a sign and no pattern in the search', async () => {
    await race.one('users').where({ username: 'ines' }).update({ organization: '100%_\\sure' });
    const found = async (q: string) =>
      (await olga.get(`/users?q=${encodeURIComponent(q)}`)).document.querySelectorAll('table.list > tbody').map(({ id }) => id);
    for (const q of ['0%_\\s', '%_\\', '100%', '１００％']) expect(await found(q), q).to.deep.equal(['user-ines']);
    for (const q of ['%', '_', '\\', '％％％', '＿＿＿', '10__', 'u_a', '%uma%']) expect(await found(q), q).to.deep.equal([]);
  });

  it('matches beginnings by one or two letters, and any part by three', async () => {
    const found = async (q: string) =>
      (await olga.get(`/users?q=${encodeURIComponent(q)}&sort=username`)).document
        .querySelectorAll('table.list > tbody')
        .map(({ id }) => id.replace('user-', ''));
    await race.one('users').where({ username: 'uma' }).update({ name: 'Uma Trucking Ltd', email: 'uma@world.example' });
    expect(await found('iv')).to.deep.equal(['ivo']);
    expect(await found('va')).to.deep.equal([]);
    expect(await found('ova')).to.deep.equal(['ines', 'olga', 'oscar']);
    expect(await found('É')).to.deep.equal([]);
    expect(await found('in')).to.deep.equal(['ines']);
  });
});
