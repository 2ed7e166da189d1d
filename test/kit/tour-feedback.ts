import { open, press, type Sit, type View } from './tour-steps.ts';

/** Conversations in every state, with long words in them, and what is said against a form. */
export async function feedbackViews(sit: Sit): Promise<View[]> {
  const uma = await sit('uma');
  const leave = async (text: string) => {
    await uma.goto('/my/feedback/new');
    await uma.locator('#field-text').fill(text);
    await press(uma, '.formfoot .primary', '#flash .flash');
    return new URL(uma.url()).pathname.replace('/my', '');
  };
  const asked = await leave(`Lorry 13 stands still. ${'Averylongwordwithoutanend'.repeat(8)} `.repeat(3));
  const answered = await leave('Can two drivers use one account?');
  const olga = await sit('olga');
  await olga.goto(`${answered}/note`);
  await olga.locator('#field-note').fill('Asked the same in March.');
  await press(olga, '#confirm .primary', '#flash .flash');
  await olga.locator('#field-text').fill('They can.\n\nBut say how many you need.');
  await press(olga, '#answer [name=closes]', '#flash .flash');
  const wrong = open('.formfoot .primary', '.problems');
  return [
    { path: '/feedback?user=uma&state=open' },
    { path: '/feedback?q=nobody-at-all' },
    { path: asked, press: wrong },
    { path: answered },
    { path: `${answered}/note` },
    { path: answered, press: (page) => press(page, '#note', 'dialog[open] textarea'), narrow: false },
    ...['/my/feedback', '/my/feedback?state=answered', `/my${asked}`, `/my${answered}`].map((path) => ({
      path,
      name: 'uma' as const,
    })),
    { path: '/my/feedback', name: 'gus' },
    { path: '/my/feedback/new', name: 'uma', press: wrong },
  ];
}
