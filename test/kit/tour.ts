import type { Page } from 'playwright-core';
import { worldPassword } from '../../seeds/world.ts';
import type { Db } from '../../src/ground/database.ts';
import { connectedViews } from './tour-connection.ts';
import { contactViews } from './tour-contact.ts';
import { feedbackViews } from './tour-feedback.ts';
import { groupViews } from './tour-groups.ts';
import { invitationViews } from './tour-invitations.ts';
import { open, press, type Sit, type View } from './tour-steps.ts';
import { tariffViews } from './tour-tariffs.ts';
import { twoFactorViews } from './tour-twofactor.ts';

/** Pages that a route shows only with more in its address, or to whom, or after a press. */
const more: View[] = [
  { path: '/sign-in', name: null },
  { path: '/sign-in?out', name: null },
  { path: '/forgot-password', name: null },
  { path: '/forgot-password?sent', name: null },
  { path: '/reset-password', name: null },
  { path: '/users/ivo' },
  { path: '/account', name: 'sue' },
  { path: '/account', name: 'vera' },
  { path: '/register', name: null, press: open('form .primary', '.problems') },
  { path: '/register', name: null },
  { path: '/register/done', name: null },
  { path: '/verify-email', name: null },
  { path: '/verify-email/done', name: null },
  { path: '/verify-email/sent' },
  { path: '/users?state=requested' },
  { path: '/account', name: 'uma' },
  { path: '/account/delete', name: 'uma' },
  { path: '/account-deleted', name: null },
  { path: '/users?q=uma&open=uma' },
  { path: '/users?q=i', press: open('tbody .pick input', '.selectbar') },
  { path: '/users/deleted', press: open('tbody .pick input', '.selectbar') },
  { path: '/users?q=nobody-at-all' },
  { path: '/users?q=i&state=active&last=soon' },
  { path: '/users?q=iv&sort=-name', press: open('tbody .rowmenu summary', 'tbody .menu a:visible') },
  { path: '/users?q=uma', press: open('.more:not(.help, .columns) summary', '#field-verified') },
  { path: '/users?q=state:lockd+-lea+%22a+b%22', press: open('.help summary', '.lessons') },
  { path: '/users?state=locked', press: open('.columns summary', '.columns button') },
  { path: '/users?state=flagged', press: (page) => press(page, '#save-view', 'dialog[open] #field-name') },
  { path: '/users?q=uma', press: open('.me', '#me:popover-open') },
  { path: '/users?q=uma', press: (page) => page.keyboard.press('?').then(() => page.locator('dialog[open]').waitFor()) },
  { path: '/users/uma', press: (page) => press(page, '.headacts a[href*=suspend]', 'dialog[open] textarea'), narrow: false },
  { path: '/users/uma', press: (page) => press(page, '.headacts a[href*=delete]', 'dialog[open] form'), narrow: false },
  { path: '/users/lea' },
  { path: '/users/sue' },
  { path: '/users/dora' },
  { path: '/users/nina/sign-in-check' },
  { path: '/users/dora/sign-in-check' },
  { path: '/users/gus/edit', press: (page) => collide(page) },
  { path: '/users/olga/sessions' },
  { path: '/users/olga/history' },
  { path: '/users/new', press: (page) => press(page, '.formfoot .primary', '.problems') },
  { path: '/settings', press: (page) => press(page, '#dormancy [name=count]', '#foreseen h2') },
  { path: '/settings', press: (page) => refused(page) },
  { path: '/?days=90', press: open('#money summary', '#money tbody tr') },
  { path: '/users?q=uma', press: open('#refill-uma', 'dialog[open] #field-amount'), narrow: false },
  { path: '/users/uma/balance/statement?from=x&to=2026-01-01' },
  { path: '/my/balance/statement', name: 'uma' },
  { path: '/users/nobody' },
  { path: '/nothing-here' },
  { path: '/users', name: 'sue' },
];
/** A form of the settings with something to mend in it. */
async function refused(page: Page): Promise<void> {
  await page.locator('#field-lock_failures').fill('a few');
  await press(page, '#lockout .primary', '.problems');
}

/** Somebody else saves the form that this page has open, and then this page does. */
async function collide(page: Page): Promise<void> {
  const save = async (at: Page, phone: string) => {
    await at.locator('#field-phone').fill(phone);
    await at.locator('.formfoot .primary').click();
  };
  const other = await page.context().newPage();
  await other.goto(page.url());
  await save(other, '111 222');
  await other.locator('#flash .flash').waitFor();
  await other.close();
  await save(page, '333 444');
  await page.locator('.versions').waitFor();
}

/** Pages that are there only after something was done. */
export async function viewsToVisit(sit: Sit, db: Db): Promise<View[]> {
  const invitations = await invitationViews(sit); // While mail is off: then the link is shown.
  const letters = await letterViews(db);
  return [
    ...more,
    ...invitations,
    ...(await browsersSeen(sit)),
    ...letters,
    ...(await groupViews(sit)),
    ...(await feedbackViews(sit)),
    ...(await tariffViews(db)),
    ...(await importViews(sit)),
    ...(await bulkViews(sit)),
    ...(await savedViews(sit)),
    ...(await twoFactorViews(sit)),
    ...(await contactViews(sit)),
    ...(await connectedViews(sit)),
  ];
}

/** Letters in every state, while the server of outgoing mail fails. */
async function letterViews(db: Db): Promise<View[]> {
  await db('settings').update({ outgoingMail: true });
  await db('mailServer').update({ failures: 2, failingSince: db.raw('now()'), words: 'connect ECONNREFUSED 192.0.2.7:587' });
  const { id: userId } = await db('users').where({ username: 'ivo' }).first('id');
  const link = { purpose: 'activation', userId, email: 'ivo@world.example', random: Buffer.alloc(16), expiresAt: '2126-01-01' };
  const [{ id: linkId }] = await db('links').insert(link).returning('id');
  const letter = { userId, username: 'ivo', address: 'ivo@world.example', endedAt: db.raw('now()') };
  const rows = [
    { ...letter, kind: 'activated', state: 'sent', linkId, linkCounter: 1 },
    {
      ...letter,
      kind: 'suspended',
      state: 'failed',
      data: { reason: 'Not paid.' },
      serverWords: `550 5.1.1 ${'No such person. '.repeat(9)}`,
    },
    { ...letter, kind: 'locked', state: 'queued', endedAt: null },
    { ...letter, kind: 'deleted', state: 'dropped', serverWords: 'What it was about has been undone.' },
    {
      ...letter,
      kind: 'unlocked',
      state: 'unsent',
      userId: null,
      username: '',
      address: `${'long.'.repeat(12)}address@${'sub.'.repeat(12)}example`,
    },
  ];
  const [sent, failed] = await db('letters').insert(rows).returning('id');
  const copied = (page: Page) => press(page, `#letter-${sent.id} form[action$=copy-link] button`, '#flash .secret');
  return [
    { path: `/mail/${sent.id}` },
    { path: `/mail/${failed.id}` },
    { path: '/mail?q=nobody-at-all' },
    { path: '/users/ivo/mail' },
    { path: '/mail?state=sent', press: copied, narrow: false },
  ];
}

/** Somebody has signed in, so that its browser is known, and somebody else has failed to. */
async function browsersSeen(sit: Sit): Promise<View[]> {
  const page = await sit(null);
  for (const password of ['wrong words', worldPassword]) {
    await page.goto('/sign-in');
    await page.locator('#field-identifier').fill('uma');
    await page.locator('#field-password').fill(password);
    await press(page, 'main .primary', '.problems, .me');
  }
  return [{ path: '/account/sessions', name: 'uma' }, { path: '/users/uma/sessions' }, { path: '/users/uma/sign-in-check' }];
}

/** An import exists only once its rows have been sent. */
async function importViews(sit: Sit): Promise<View[]> {
  const page = await sit('olga');
  await page.goto('/users/import');
  await page.getByLabel('Paste rows').fill('username,email\nzora,zora@world.example\numa,other@world.example\n');
  await press(page, '.formfoot .primary', '#import');
  const path = new URL(page.url()).pathname;
  return [{ path }, { path: '/users/import' }];
}

/** An act upon many users, too: asking, with somebody refused, done. */
async function bulkViews(sit: Sit): Promise<View[]> {
  const page = await sit('olga');
  const begin = async (act: string, names: string) => {
    await page.goto('/users/bulk');
    await page.getByLabel('Act').selectOption(act);
    await page.getByLabel('Usernames and email addresses').fill(names);
    await press(page, '.formfoot .primary', '#bulk');
    return new URL(page.url()).pathname;
  };
  const paths = [
    await begin('Set profile', 'uma'),
    await begin('Remove User', 'uma olga nobody'),
    await begin('Purge', 'dora'),
    await begin('Export', 'uma'),
  ];
  const done = await begin('Unlock', 'lea uma');
  await press(page, '#bulk .formfoot .primary', '#bulk .notice.ok');
  return [...paths, done].map((path) => ({ path }));
}

/** Somebody keeps two views, has changed the one that is open, and looks at other columns. */
async function savedViews(sit: Sit): Promise<View[]> {
  const page = await sit('oscar');
  for (const [name, query] of [
    ['Locked', 'state=locked'],
    ['Customers of whom nobody has heard for a while, by name', 'profile=customer&last=>90d&sort=name'],
  ]) {
    await page.goto(`/users/views/new?${query}`);
    await page.locator('#field-name').fill(name as string);
    await page.locator('#field-is_shared').check();
    await press(page, '.formfoot .primary', '#views [aria-current]');
  }
  await page.locator('.columns summary').click();
  for (const name of ['phone', 'description']) await page.locator(`.columns [value=${name}]`).uncheck();
  for (const name of ['unp', 'balance']) await page.locator(`.columns [value=${name}]`).check();
  await press(page, '.columns .primary', 'th.unp');
  const counted = (selector: string, then: string) => async (at: Page) => {
    await at.locator('#views .count:not(.needs-js)').first().waitFor({ state: 'attached' });
    await open(selector, then)(at);
  };
  return [
    { path: '/users/views', name: 'oscar' },
    { path: '/users/views/1', name: 'oscar' },
    { path: '/users/views/1/delete', name: 'oscar' },
    { path: '/users/views/counts', name: 'oscar' },
    { path: '/users/views' },
    { path: '/users?state=locked&verified=yes&view=1', name: 'oscar', press: counted('.views summary', '.views .menu') },
  ];
}
