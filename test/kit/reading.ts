import type { Page } from './visitor.ts';

/** What the page says beside a field of its form; '' when it finds nothing wrong with it. */
export const problem = (page: Page, field: string) => page.document.querySelector(`#field-${field}-error`)?.text.trim() ?? '';

/** What stands in a field of the page's form. */
export const fieldValue = (page: Page, field: string) =>
  page.document.querySelector(`#field-${field}`)?.getAttribute('value') ?? '';

/** What the page says of its form as a whole. */
export const alertOf = (page: Page) => page.document.querySelector('[role=alert]')?.text.replace(/\s+/g, ' ').trim() ?? '';

/** The users of a list, in its order. */
export const listed = (page: Page) =>
  page.document.querySelectorAll('table.list > tbody').map(({ id }) => id.replace('user-', ''));

/** The words of a part of the page, on one line; undefined where there is no such part. */
export const wordsOf = (page: Page, selector: string) =>
  page.document.querySelector(selector)?.textContent.replace(/\s+/g, ' ').trim();
