import type { Page } from 'playwright-core';
import { open, press, type Sit, type View } from './tour-steps.ts';

/** Invitations in each of their states; a list with its verdicts, and what who is invited sees. */
export async function invitationViews(sit: Sit): Promise<View[]> {
  const page = await sit('olga');
  const fill = async (list: string, button = '.formfoot .primary') => {
    await page.goto('/invitations/new');
    await page.getByLabel('Email addresses').fill(list);
    await page.getByLabel('Note').fill('You get your own view of the trackers that we share.');
    await page.locator(button).click();
  };
  await fill('Zoë Ivanova <zoe.ivanova@example.com>');
  const link = (await page.locator('.secret code').textContent()) as string;
  const path = (await page.locator('#invitations tbody th a').first().getAttribute('href')) as string;
  await fill('a@example.com, monitor\nb@example.com');
  await press(page, '.formfoot .primary', '#invitations');
  await press(page, 'tbody .danger', 'dialog[open] .danger');
  await press(page, 'dialog[open] .danger', '.badge.off');
  return [
    { path: '/invitations' },
    { path: '/invitations?q=nobody' },
    { path },
    { path: `${path}/revoke` },
    { path: '/invitations', press: open('tbody .danger', 'dialog[open] form'), narrow: false },
    { path: '/invitations/new', press: (at) => verdicts(at) },
    { path: new URL(link).pathname, name: null },
    { path: new URL(link).pathname, name: 'oscar' },
    { path: '/invitations/accept?sent', name: null },
    { path: '/invitations/accept/nothing', name: null },
  ];
}

/** A list of which not every line is good. */
async function verdicts(page: Page): Promise<void> {
  await page
    .getByLabel('Email addresses')
    .fill('c@example.com\numa@world.example\nzoe.ivanova@example.com\nnonsense, here\nC@example.com');
  await press(page, '.formfoot .primary', '#verdicts');
}
