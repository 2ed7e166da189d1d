import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { root } from './root.ts';

const url = (protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol));

/** Links are this address with a path behind it, so it can hold none itself. */
const publicAddress = url(['http:', 'https:']).refine((value) => /^https?:\/\/[^/?#@]+\/*$/i.test(value));

/** Digits only: Number() would also take 0x10, 1e3 and blanks. */
const whole = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .refine((value) => value <= max);

/** Words of samples, and the same again and again: somebody meant to replace it and did not. */
const isSample = (secret: string) =>
  /change|secret|example|sample|password|default|replace|roster|0123456789|abcdefgh/i.test(secret) ||
  /^(.{1,16})\1+$/.test(secret);

const secret = z.string().refine((value) => value.length >= 32 && new Set(value).size >= 8 && !isSample(value));

const secrets = z
  .string()
  .transform((value) => value.split(',').map((one) => one.trim()))
  .pipe(z.tuple([secret], secret));

/** An address, or a name and an address in angle brackets. */
const sender = z.string().regex(/^(?:[^<>\p{Cc}"]{1,100}<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u);

/** Each variable with what it may hold, in the words that the start prints when it holds something else. */
const variables = {
  NODE_ENV: [z.enum(['development', 'production', 'test']).optional(), 'development, production, test or nothing'],
  PORT: [whole(65535).default(3000), 'a port number from 0 to 65535'],
  HOST: [z.string().min(1).optional(), 'an address to listen on'],
  DATABASE_URL: [url(['postgres:', 'postgresql:']).optional(), 'a postgres:// address'],
  DATABASE_OWNER_URL: [url(['postgres:', 'postgresql:']).optional(), 'a postgres:// address'],
  DATA_DIR: [z.string().min(1).default('.data'), 'a folder'],
  SESSION_SECRET: [secrets.optional(), 'secrets of 32 random characters or more, comma-separated, newest first'],
  BASE_URL: [publicAddress.optional(), 'the public http(s):// address of this console, without a path'],
  TRUST_PROXY: [
    z.string().transform(trust).optional(),
    'a number of proxies from 0 to 9, or their addresses, comma-separated; never "true"',
  ],
  SMTP_URL: [url(['smtp:', 'smtps:']).optional(), 'the smtp:// or smtps:// address of a mail server'],
  MAIL_FROM: [
    sender.optional(),
    'the address from which mail is sent, such as roster@example.com or Roster <roster@example.com>',
  ],
  ROSTER_ADMIN_USERNAME: [z.string().optional(), 'a username'],
  ROSTER_ADMIN_EMAIL: [z.string().optional(), 'an email address'],
  ROSTER_ADMIN_PASSWORD: [z.string().optional(), 'a password of 10 characters or more'],
  CURRENCY: [z.enum(Intl.supportedValuesOf('currency')).default('EUR'), 'an ISO 4217 code such as EUR'],
  ACCOUNT_LIMIT: [whole(2147483647).optional(), 'a whole number, 0 for no limit'],
  ACCOUNT_LIMIT_URL: [url(['http:', 'https:', 'mailto:']).optional(), 'an http(s):// or mailto: address'],
  METRICS_TOKEN: [z.string().min(16).optional(), 'a token of 16 characters or more'],
  LOG_LEVEL: [
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'a pino level such as info',
  ],
} as const;

const secretNames = /SECRET|PASSWORD|TOKEN|^DATABASE|^SMTP/;

/** The settings that come from the environment; what administrators change at run time lives in the database. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the environment. Throws one line that names the variable, what it holds and what it may hold. */
export function readConfig(env: Record<string, string | undefined>) {
  const read = <Name extends keyof typeof variables>(name: Name) => readVariable(env, name);
  const isProduction = read('NODE_ENV') === 'production';
  const port = read('PORT');
  const baseUrl = (read('BASE_URL') ?? `http://localhost:${port}`).replace(/\/+$/, '');
  const config = {
    isProduction,
    cachesViews: read('NODE_ENV') !== 'development',
    port,
    host: read('HOST') ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    databaseUrl: read('DATABASE_URL'),
    databaseOwnerUrl: read('DATABASE_OWNER_URL') ?? read('DATABASE_URL'),
    dataDir: resolve(root, read('DATA_DIR')),
    sessionSecrets: read('SESSION_SECRET'),
    baseUrl,
    isSecure: new URL(baseUrl).protocol === 'https:',
    trustProxy: read('TRUST_PROXY') ?? false,
    firstAdministrator: firstAdministrator(
      read('ROSTER_ADMIN_USERNAME'),
      read('ROSTER_ADMIN_EMAIL'),
      read('ROSTER_ADMIN_PASSWORD'),
    ),
    smtpUrl: read('SMTP_URL'),
    mailFrom: read('MAIL_FROM') ?? `Roster <roster@${new URL(baseUrl).hostname}>`,
    currency: read('CURRENCY'),
    accountLimit: read('ACCOUNT_LIMIT'),
    accountLimitUrl: read('ACCOUNT_LIMIT_URL'),
    metricsToken: read('METRICS_TOKEN'),
    logLevel: read('LOG_LEVEL'),
  };
  if (isProduction && !config.sessionSecrets)
    throw new Error(`SESSION_SECRET is not set; production needs ${variables.SESSION_SECRET[1]}.`);
  if (isProduction && !env.BASE_URL) throw new Error(`BASE_URL is not set; production needs ${variables.BASE_URL[1]}.`);
  return config;
}

function readVariable<Name extends keyof typeof variables>(env: Record<string, string | undefined>, name: Name) {
  const [schema, allowed] = variables[name];
  const held = env[name] === '' ? undefined : env[name];
  const result = schema.safeParse(held);
  if (result.success) return result.data as z.output<(typeof variables)[Name][0]>;
  const shown = secretNames.test(name) ? 'something else (not shown)' : JSON.stringify(held);
  throw new Error(`${name} holds ${shown}; it may hold ${allowed}.`);
}

/** As Express's "trust proxy", except "true" (or very many hops): that would believe whatever address a stranger claims. */
function trust(value: string, context: z.RefinementCtx): number | string[] | false {
  if (value === 'false') return false;
  if (/^\d$/.test(value)) return Number(value);
  const addresses = value.split(',').map((address) => address.trim());
  if (!addresses.every(isAddress)) context.addIssue({ code: 'custom', message: 'no address' });
  return addresses;
}

const namedRanges = ['loopback', 'linklocal', 'uniquelocal'];

function isAddress(address: string): boolean {
  const [ip = '', bits = '1', ...more] = address.split('/');
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(ip)] ?? 0;
  return namedRanges.includes(address) || (more.length === 0 && /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most);
}

function firstAdministrator(username?: string, email?: string, password?: string) {
  if (!username && !email && !password) return undefined;
  if (username && email && password) return { username, email, password };
  throw new Error('ROSTER_ADMIN_USERNAME, ROSTER_ADMIN_EMAIL and ROSTER_ADMIN_PASSWORD go together: set all three or none.');
}
