import { press, type Sit, type View } from './tour-steps.ts';

/** Announcements as a draft, with something to mend, and sent; and what of it users read. */
export async function contactViews(sit: Sit): Promise<View[]> {
  const page = await sit('oscar');
  const write = async (title: string, words: string) => {
    await page.goto('/announcements/new');
    await page.locator('#field-title').fill(title);
    await page.locator('#field-text').fill('On Sunday from 2 to 4.\n\nSee https://status.example/a.');
    if (words) await page.locator('input[name=to][value=some]').check();
    await page.locator('#field-words').fill(words);
    await press(page, '.formfoot .primary', '#announcement');
    return new URL(page.url()).pathname;
  };
  const draft = await write('Statements by calendar month', 'profile:customer balance:>0');
  const sent = await write('Maintenance', '');
  await press(page, '#send', 'dialog[open] form');
  await press(page, 'dialog[open] .primary', '#withdraw');
  return [
    { path: draft },
    { path: `${draft}/edit` },
    { path: draft, press: (at) => press(at, '#send', 'dialog[open] form'), narrow: false },
    { path: `${draft}/delete` },
    { path: sent },
    { path: `${sent}/withdraw` },
    { path: '/announcements/new', press: (at) => press(at, '.formfoot .primary', '.problems') },
    { path: '/notifications?show=unread' },
    { path: '/my/notifications', name: 'uma' },
    { path: '/my/notifications', name: 'uma', press: (at) => press(at, '.notices button.link', '.prose') },
  ];
}
