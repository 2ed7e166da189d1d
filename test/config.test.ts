import { expect } from 'chai';
import { readConfig, senderOf } from '../src/ground/config.ts';

const good = 'q7Rk2VxZ9mWc4TnB8sLd1HfG6jYp3EaU';
const production = { NODE_ENV: 'production', SESSION_SECRET: good, BASE_URL: 'https://roster.example' };

const complaintOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('The settings of the environment', () => {
  const wrong: [name: string, values: string[], mayHold: string][] = [
    ['NODE_ENV', ['prod', 'Production', 'staging'], 'development, production, test or nothing'],
    ['PORT', ['http', '-1', '65536', '80.5', '0x50', '1e3', ' '], 'a port number from 0 to 65535'],
    ['DATABASE_URL', ['mysql://localhost/roster', 'localhost', '/var/run'], 'a postgres:// address'],
    ['DATABASE_OWNER_URL', ['http://localhost'], 'a postgres:// address'],
    [
      'BASE_URL',
      ['roster.example', 'ftp://roster.example', 'javascript:alert(1)'],
      'the public http(s):// address of this console',
    ],
    ['BASE_URL', ['https://roster.example/console', 'https://me:word@roster.example', 'https://x.example/?a'], 'without a path'],
    ['TRUST_PROXY', ['true', 'TRUE', 'yes', '99', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example', '1,2'], 'never "true"'],
    ['CURRENCY', ['EURO', 'eur', '€'], 'an ISO 4217 code'],
    ['ACCOUNT_LIMIT', ['-1', 'many', '1.5', '1e3', '2147483648'], 'a whole number, 0 for no limit'],
    ['ACCOUNT_LIMIT_URL', ['buy.example', 'javascript:alert(1)'], 'an http(s):// or mailto: address'],
    [
      'MAIL_FROM',
      ['roster', 'a@b.example, c@d.example', 'A <a@b> <c@d>', 'Roster <a@b.example>\r\nBcc: c@d.example', '"A" <a@b.example>'],
      'the address from which mail is sent',
    ],
    ['LOG_LEVEL', ['loud', 'INFO'], 'a pino level'],
  ];
  for (const [name, values, mayHold] of wrong) {
    it(`stop the start with one line on ${name}: what it holds and what it may hold (${mayHold})`, () => {
      for (const value of values) {
        const complaint = complaintOf({ [name]: value });
        expect(complaint, value)
          .to.match(new RegExp(`^${name} holds .*; it may hold .*\\.$`))
          .and.include(mayHold);
        expect(complaint, value).to.not.include('\n');
        if (!name.startsWith('DATABASE')) expect(complaint).to.include(JSON.stringify(value));
      }
    });
  }

  const secret: [name: string, value: string][] = [
    ['SESSION_SECRET', 'short-but-secret'],
    ['METRICS_TOKEN', 'short-token'],
    ['DATABASE_URL', 'mysql://roster:hunter2@localhost/roster'],
    ['DATABASE_OWNER_URL', 'mysql://roster:hunter2@localhost/roster'],
    ['SMTP_URL', 'http://roster:hunter2@mail.example'],
    ['SMTP_URL', 'smtp:roster:hunter2@mail.example'],
    ['SMTP_URL', 'mail.example:587'],
  ];
  for (const [name, value] of secret) {
    it(`never show what ${name} holds`, () => {
      const complaint = complaintOf({ [name]: value });
      expect(complaint).to.include(name).and.include('not shown');
      expect(complaint).to.not.include(value).and.not.include('hunter2');
    });
  }

  const weak = [
    'short',
    'a'.repeat(64),
    'abababab'.repeat(8),
    'q7Rk2VxZ'.repeat(4),
    'change-me-change-me-change-me-change-me',
    'please-replace-this-with-32-random-characters',
    'this-is-my-very-secret-session-secret',
    'only-for-tests-0123456789-abcdefghij',
    'your-32-characters-or-more-password-here',
    `${good},short`,
    `${good},`,
  ];
  for (const value of weak) {
    it(`refuse ${JSON.stringify(value)} as a secret, in production and elsewhere`, () => {
      expect(complaintOf({ ...production, SESSION_SECRET: value })).to.match(/^SESSION_SECRET holds/);
      expect(complaintOf({ SESSION_SECRET: value })).to.match(/^SESSION_SECRET holds/);
    });
  }

  it('take random secrets, newest first', () => {
    const hex = 'f3a91c07be5d2846f3a81c07be5d2846';
    expect(readConfig({ SESSION_SECRET: `${good}, ${hex}` }).sessionSecrets).to.deep.equal([good, hex]);
  });

  for (const missing of ['SESSION_SECRET', 'BASE_URL'] as const) {
    it(`need ${missing} in production`, () => {
      const { [missing]: _, ...rest } = production;
      expect(complaintOf(rest)).to.match(new RegExp(`^${missing} is not set; production needs .*\\.$`));
      expect(complaintOf({ ...rest, [missing]: '' })).to.match(new RegExp(`^${missing} is not set`));
    });
  }

  it('need nothing elsewhere', () => {
    expect(readConfig({})).to.include({ port: 3000, host: '127.0.0.1', baseUrl: 'http://localhost:3000', trustProxy: false });
    expect(readConfig(production)).to.include({ host: '0.0.0.0', isProduction: true });
  });

  it('take an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', TRUST_PROXY: '', BASE_URL: '', CURRENCY: '' })).to.deep.equal(readConfig({}));
  });

  it('want all of the first administrator or nothing', () => {
    const whole = { ROSTER_ADMIN_USERNAME: 'olga', ROSTER_ADMIN_EMAIL: 'o@x.example', ROSTER_ADMIN_PASSWORD: 'kettle-orbit' };
    expect(readConfig(whole).firstAdministrator?.username).to.equal('olga');
    for (const name of Object.keys(whole)) {
      const complaint = complaintOf({ ...whole, [name]: '' });
      expect(complaint).to.include('go together').and.not.include('kettle-orbit');
    }
  });

  it('say whom to believe about addresses', () => {
    const trusted: [string, unknown][] = [
      ['1', 1],
      ['0', 0],
      ['false', false],
      ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
      ['2001:db8::1', ['2001:db8::1']],
    ];
    for (const [value, expected] of trusted) expect(readConfig({ TRUST_PROXY: value }).trustProxy, value).to.deep.equal(expected);
  });

  it('take a mail server and a sender, with a name or without', () => {
    const smtpUrl = 'smtps://roster%40x:p%2Fw@mail.example:465/?tls.rejectUnauthorized=false';
    expect(readConfig({ SMTP_URL: smtpUrl }).smtpUrl).to.equal(smtpUrl);
    expect(readConfig({}).smtpUrl).to.equal(undefined);
    const senders: [string, object][] = [
      ['roster@x.example', { name: '', address: 'roster@x.example' }],
      ['Fleet, the Console <roster@x.example>', { name: 'Fleet, the Console', address: 'roster@x.example' }],
    ];
    for (const [value, sender] of senders)
      expect(senderOf(readConfig({ MAIL_FROM: value }).mailFrom), value).to.deep.equal(sender);
    expect(senderOf(readConfig(production).mailFrom)).to.deep.equal({ name: 'Roster', address: 'roster@roster.example' });
  });

  it('cut the slash behind the public address', () => {
    expect(readConfig({ BASE_URL: 'https://roster.example/' }).baseUrl).to.equal('https://roster.example');
  });
});
