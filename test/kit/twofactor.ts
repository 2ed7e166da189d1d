import { Secret, TOTP } from 'otpauth';
import { type Name, worldPassword } from '../../seeds/world.ts';
import { clock, type Db } from '../../src/ground/database.ts';
import { seal } from '../../src/ground/secrets.ts';
import { newSecret } from '../../src/twofactor/authenticator.ts';
import { makeRecoveryCodes } from '../../src/twofactor/recovery.ts';
import { settleTwoFactor } from '../../src/twofactor/twofactor.ts';
import type { Authenticator, Wrong } from './authenticator.ts';
import { testSecret } from './site.ts';
import type { Page, Visitor } from './visitor.ts';

/** An app as somebody has it on the telephone: shows the code of so many half minutes from now. */
export type App = { secret: string; code(aside?: number): Promise<string> };

export const appFor = (db: Db, secret: string): App => ({
  secret,
  code: async (aside = 0) => {
    const timestamp = (await clock(db)).getTime() + aside * 30_000;
    return TOTP.generate({ secret: Secret.fromBase32(secret), timestamp });
  },
});

/** Sets up an app for one of the world, as its pages would, without them: with the recovery codes. */
export async function withApp(site: { db: Db; ids: Record<Name, number> }, name: Name): Promise<{ app: App; codes: string[] }> {
  const secret = newSecret();
  const userId = site.ids[name];
  const codes = await site.db.transaction(async (trx) => {
    await trx('authenticators').insert({ userId, sealedSecret: seal(testSecret, secret), lastStep: 0 });
    await settleTwoFactor(trx, userId);
    return makeRecoveryCodes(trx, userId);
  });
  return { app: appFor(site.db, secret), codes };
}

/** Types the right password. */
export async function typePassword(visitor: Visitor, name: Name, password = worldPassword, more = {}): Promise<Page> {
  await visitor.get('/sign-in?over');
  return visitor.submit('/sign-in', { identifier: name, password, ...more });
}

/** Types a code at the second step. */
export async function typeCode(visitor: Visitor, code: string): Promise<Page> {
  await visitor.get('/two-factor');
  return visitor.submit('/two-factor', { code });
}

export const pathOf = (page: Page) => new URL(page.url).pathname;

/** Asks the server what to ask a device for. */
export async function challengeFrom(visitor: Visitor, path: string) {
  const page = await visitor.post(path, { _csrf: visitor.token() });
  const options = JSON.parse(page.html);
  return { status: page.status, options };
}

/** Adds a passkey for somebody who is signed in, by its pages. */
export async function withPasskey(visitor: Visitor, device: Authenticator, name = 'Work laptop'): Promise<Page> {
  await visitor.get('/account/passkeys/new');
  const { options } = await challengeFrom(visitor, '/account/passkeys/challenge');
  await visitor.get('/account/passkeys/new');
  return visitor.submit('/account/passkeys/new', { name, passkey: device.create(options) });
}

/** Signs in with a passkey alone; `wrong` is what goes wrong with it. */
export async function showPasskey(visitor: Visitor, device: Authenticator, wrong: Wrong = {}): Promise<Page> {
  await visitor.get('/sign-in?over');
  const { options } = await challengeFrom(visitor, '/sign-in/challenge');
  await visitor.get('/sign-in?over');
  return visitor.submit('/sign-in', { passkey: device.get(options, wrong) });
}
