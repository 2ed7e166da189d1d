import { open, press, type Sit, type View } from './tour-steps.ts';

/** Groups, and things in them; what is shown of both to those who own them or are restricted to them. */
export async function groupViews(sit: Sit): Promise<View[]> {
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
