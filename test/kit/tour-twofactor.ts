import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { worldPassword } from '../../seeds/world.ts';
import { press, type Sit, type View } from './tour-steps.ts';

/** Somebody has an app and a passkey, and has come as far as the second step. */
export async function twoFactorViews(sit: Sit): Promise<View[]> {
  const page = await sit('oscar');
  await holdDevice(page);
  await page.goto('/account/two-factor/app');
  const secret = (await page.locator('.secret code').innerText()).replace(/\s/g, '');
  await page.locator('#field-code').fill(TOTP.generate({ secret: Secret.fromBase32(secret) }));
  await press(page, '.formfoot .primary', '.codes');
  await page.goto('/account/passkeys/new');
  await press(page, '[data-passkey]', 'table.list');
  const paths = ['two-factor', 'two-factor/app/remove', 'two-factor/codes', 'passkeys', 'passkeys/1', 'passkeys/1/remove'];
  const stepIn = (path: string) => async (at: Page) => {
    await at.goto('/sign-in?over');
    await at.locator('#field-identifier').fill('oscar');
    await at.locator('#field-password').fill(worldPassword);
    await at.locator('button.primary').click();
    await at.waitForURL('**/two-factor');
    await at.goto(path);
  };
  return [
    ...paths.map((path) => ({ path: `/account/${path}`, name: 'oscar' as const })),
    { path: '/users/oscar/reset-two-factor' },
    { path: '/sign-in?again', name: null },
    ...['/two-factor', '/two-factor?recovery'].map((path) => ({ path: '/sign-in?over', name: null, press: stepIn(path) })),
  ];
}

/** A device that holds passkeys and recognises whoever sits before it. */
export async function holdDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}
