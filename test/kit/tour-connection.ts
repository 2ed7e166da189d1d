import { press, type Sit, type View } from './tour-steps.ts';

/** While somebody is connected its pages say so, and there is a visit to read about. */
export async function connectedViews(sit: Sit): Promise<View[]> {
  const page = await sit('oscar');
  await page.goto('/users/uma/connect');
  await page.locator('#field-reason').fill('Ticket 12: the box of truck 7 sends nothing');
  await page.locator('.formfoot .connect').click();
  await page.locator('.connection').waitFor();
  await page.goto('/my/objects/new');
  await page.locator('#field-name').fill('Truck 7');
  await press(page, '.formfoot .primary', '#flash .flash');
  const { pathname } = new URL(page.url());
  const sections = [
    '/my',
    '/my/objects',
    '/my/objects/new',
    pathname,
    `${pathname}/share`,
    '/my/balance',
    '/my/visits',
    '/my/visits/1',
  ];
  return [
    ...[...sections, '/users/uma', '/my/objects/999', '/users/ines/connect', '/history'].map((path) => ({
      path,
      name: 'oscar' as const,
    })),
    { path: '/users/uma/connect' },
    { path: '/users/uma/visits' },
    { path: '/users/uma/visits/1' },
    { path: '/users/ines/visits' },
    ...['/my/visits', '/my/visits/1'].map((path) => ({ path, name: 'uma' as const })),
  ];
}
