import { Agent, request } from 'node:http';
import { parse } from 'node-html-parser';

/** One request; `headers` come on top of those of the target. */
export type Shot = { path: string; method?: 'GET' | 'POST'; body?: string; headers?: Record<string, string> };
export type Target = { port: number; headers: Record<string, string> };
export type Answer = { status: number; location: string; bytes: number; isWhole: boolean };

/** An agent for `connections` at once; with `isFresh` every request opens one of its own, as a link from elsewhere does. */
export const openAgent = (connections: number, isFresh = false) => new Agent({ keepAlive: !isFresh, maxSockets: connections });

/** Sends a request as a browser would, reads the answer to its last byte and forgets it. */
export function send(agent: Agent, { port, headers }: Target, shot: Shot, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'accept-encoding': 'gzip', ...headers, ...shot.headers };
    const options = { agent, host: '127.0.0.1', port, path: shot.path, method: shot.method ?? 'GET', headers: all, signal };
    const sent = request(options, (response) => {
      const { statusCode: status = 0, headers } = response;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status, location: headers.location ?? '', bytes, isWhole: response.complete }));
    });
    sent.on('error', reject);
    sent.end(shot.body);
  });
}

/** True for what a browser was to get: a page, or after a form the way on; not the way to the sign-in page. */
export const isRight = ({ method }: Shot, { status, location }: Answer) =>
  method === 'POST' ? status === 303 && !/^\/(sign-in|confirm)/.test(location) : status === 200;

/** A form post as a browser without script sends it. */
export const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Shot => ({
  path,
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
});

export type Page = { html: string; cookies: string };

/** A page with its text and the cookies that it sets. Throws when it is none. */
export async function readPage({ port, headers }: Target, path: string): Promise<Page> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' });
  if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
  return { html: await response.text(), cookies: cookies.join('; ') };
}

/** What a browser would send of the page's form with this action, if nobody touched it; null when it has no such form. */
export function formOrNull({ html }: Page, action: string): Record<string, string> | null {
  const form = parse(html).querySelector(`form[action="${action}"]`);
  if (!form) return null;
  const values: Record<string, string> = {};
  for (const field of form.querySelectorAll('input, select, textarea')) {
    const { name, type = '', value = '' } = field.attributes;
    if (!name || type === 'file' || (/checkbox|radio/.test(type) && !field.hasAttribute('checked'))) continue;
    const chosen = field.querySelector('option[selected]') ?? field.querySelector('option');
    const texts = { TEXTAREA: field.textContent.replace(/^\n/, ''), SELECT: chosen?.getAttribute('value') ?? '' };
    values[name] = texts[field.tagName as keyof typeof texts] ?? value;
  }
  return values;
}

/** The same of a form that must be there. */
export async function readForm(target: Target, path: string, action: string): Promise<Record<string, string>> {
  const form = formOrNull(await readPage(target, path), action);
  if (!form) throw new Error(`${path} has no form ${action}`);
  return form;
}
