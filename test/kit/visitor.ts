import { createHmac } from 'node:crypto';
import { type HTMLElement, parse } from 'node-html-parser';
import { testSecret } from './site.ts';

/** How forms and links are followed: as a browser without script, or as htmx would. */
export type Mode = 'plain' | 'htmx';
export const modes: Mode[] = ['plain', 'htmx'];

export type Page = { status: number; url: string; headers: Headers; html: string; document: HTMLElement; text: string };

/** Somebody before a browser, without the browser: keeps cookies, follows redirects, fills in forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly address: string;
  readonly mode: Mode;
  page!: Page;

  constructor(address: string, sid: string | null, mode: Mode) {
    this.address = address;
    this.mode = mode;
    if (sid) this.cookies.set('roster', signed(sid));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.request(path, { headers });
  }

  /** Sends a form of the last page, found by its action, with `values` in place of what stood in it. */
  submit(action: string, values: Record<string, string> = {}): Promise<Page> {
    const form = this.page.document.querySelectorAll('form').find((one) => one.getAttribute('action') === action);
    if (!form) throw new Error(`${this.page.url} has no form ${action}`);
    return this.post(action, { ...valuesOf(form), ...values });
  }

  /** Sends fields as they are; the token is taken from the last page unless given. */
  post(path: string, fields: Record<string, string> | [string, string][], headers: Record<string, string> = {}): Promise<Page> {
    const pairs = Array.isArray(fields) ? fields : Object.entries({ _csrf: this.token(), ...fields });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.request(path, { method: 'POST', body: new URLSearchParams(pairs).toString(), headers: { ...type, ...headers } });
  }

  token(): string {
    return this.page?.document.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '';
  }

  async request(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Page> {
    const response = await fetch(new URL(path, this.address), {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers(), ...init.headers },
    });
    this.keep(response);
    const location = response.headers.get('location');
    if (location && response.status === 303) {
      await response.arrayBuffer();
      return this.request(location, {});
    }
    this.page = await read(response);
    return this.page;
  }

  private headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { ...(cookie ? { cookie } : {}), ...(this.mode === 'htmx' ? { 'hx-request': 'true' } : {}) };
  }

  private keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name) this.cookies.set(name, value as string);
    }
  }
}

/** A session id as express-session signs it into the cookie. */
export function signed(sid: string): string {
  const signature = createHmac('sha256', testSecret).update(sid).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${sid}.${signature}`);
}

async function read(response: Response): Promise<Page> {
  const html = await response.text();
  const document = parse(html);
  const { status, url, headers } = response;
  return { status, url, headers, html, document, text: document.textContent.replace(/\s+/g, ' ') };
}

/** What a browser would send of a form that nobody touched. */
function valuesOf(form: HTMLElement): Record<string, string> {
  const values: Record<string, string> = {};
  for (const field of form.querySelectorAll('input, select, textarea')) {
    const name = field.getAttribute('name');
    const type = field.getAttribute('type');
    const isLeftOut = ['checkbox', 'radio'].includes(type ?? '') && !field.hasAttribute('checked');
    if (name && !isLeftOut && type !== 'file') values[name] = valueIn(field);
  }
  return values;
}

function valueIn(field: HTMLElement): string {
  if (field.tagName === 'TEXTAREA') return field.textContent.replace(/^\n/, '');
  if (field.tagName !== 'SELECT') return field.getAttribute('value') ?? '';
  return (field.querySelector('option[selected]') ?? field.querySelector('option'))?.getAttribute('value') ?? '';
}
