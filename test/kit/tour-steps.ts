import type { Page } from 'playwright-core';

/** A page that a route shows only with more in its address, or to somebody, or after a press. */
export type View = {
  path: string;
  name?: 'olga' | 'oscar' | 'uma' | 'sue' | 'vera' | null;
  press?: (page: Page) => Promise<unknown>;
  narrow?: false;
};

/** A page of somebody who is signed in. */
export type Sit = (name: View['name']) => Promise<Page>;

/** Presses what is there and waits for what comes. */
export const press = async (page: Page, selector: string, then: string) => {
  await page.locator(selector).first().click();
  await page.locator(then).first().waitFor();
};

/** The same, for a page that is open by then. */
export const open = (selector: string, then: string) => (page: Page) => press(page, selector, then);
