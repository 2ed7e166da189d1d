import type { Page } from 'playwright-core';

/** Pages that a route shows only with more in its address, or to whom, or after a press. */
export type View = {
  path: string;
  name?: 'olga' | 'oscar' | 'sue' | 'uma' | 'gus' | null;
  press?: (page: Page) => Promise<unknown>;
  narrow?: false;
};
const open = (selector: string, then: string) => async (page: Page) => {
  await page.locator(selector).first().click();
  await page.locator(then).first().waitFor();
};
const more: View[] = [
  { path: '/sign-in', name: null },
  { path: '/sign-in?out', name: null },
  { path: '/account', name: 'sue' },
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
  { path: '/users/nobody' },
  { path: '/nothing-here' },
  { path: '/users', name: 'sue' },
];
const press = async (page: Page, selector: string, then: string) => {
  await page.locator(selector).first().click();
  await page.locator(then).first().waitFor();
};

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

/** A page of somebody who is signed in. */
type Sit = (name: View['name']) => Promise<Page>;

/** Pages that are there only after something was done. */
export async function viewsToVisit(sit: Sit): Promise<View[]> {
  return [
    ...more,
    ...(await groupViews(sit)),
    ...(await importViews(sit)),
    ...(await bulkViews(sit)),
    ...(await savedViews(sit)),
  ];
}

/** Groups, and things in them; what is shown of both to those who own them or are restricted to them. */
async function groupViews(sit: Sit): Promise<View[]> {
  const page = await sit('olga');
  await page.goto('/objects/new?owner=uma');
  await page.locator('#field-name').fill('Lorry 1');
  await press(page, '.formfoot .primary', '#flash .flash');
  const thing = new URL(page.url()).pathname;
  await page.goto('/groups/new');
  await page.locator('#field-name').fill('North');
  await press(page, '.formfoot .primary', '#flash .flash');
  const group = new URL(page.url()).pathname.replace('/objects', '');
  const number = thing.split('/').at(-1);
  const tick = open('tbody .pick input', '.selectbar');
  return [
    { path: thing },
    { path: '/objects', press: tick },
    { path: `/objects/selected?act=add-to-group&thing=${number}` },
    { path: `/objects/selected?act=transfer&thing=${number}` },
    { path: `${group}/objects` },
    { path: `${group}/objects/add`, press: tick },
    { path: `${group}/edit` },
    { path: `${group}/delete` },
    { path: '/groups?q=zzz' },
    { path: '/users/gus/edit', press: (at) => at.locator('input[name=groups]').last().check() },
    { path: '/users/uma/access' },
    { path: '/users/sue/access?with=gus' },
    { path: '/users/gus/access?with=nobody' },
    { path: '/users/uma/things' },
    { path: '/users/uma/things/transfer' },
    { path: '/users/uma/delete' },
    { path: '/my', name: 'uma' },
    { path: '/my/objects', name: 'uma', press: tick },
    { path: '/my', name: 'gus' },
    { path: '/groups', name: 'gus' },
  ];
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
