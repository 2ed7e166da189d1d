import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ejs from 'ejs';
import { root } from '../ground/root.ts';

type Locals = Record<string, unknown>;
type Include = (path: string, given?: Locals) => string;
type Template = (locals: Locals, page: Locals, escapeText: (value: unknown) => string, include: Include) => string;

const folder = `${root}/views`;
const compiled = new Map<string, Template>();

/**
 * Renders a view by its name below views/. A view says in its first lines what it takes: of `locals`, what it was given, and of
 * `page`, what holds for everything on the page. A part that is given nothing takes the locals of the view around it.
 */
export function renderView(name: string, locals: Locals, { page, isKept }: { page: Locals; isKept: boolean }): string {
  const render = (view: string, given: Locals): string => {
    const template = (isKept && compiled.get(view)) || compile(view);
    return template(given, page, escapeText, (path, more) => render(beside(view, path), more ?? given));
  };
  return render(name, locals);
}

/** `/layout/_icon` from views/, `_row` from beside the view that includes it. */
const beside = (view: string, path: string) => (path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(view), path));

/** Most values hold nothing to escape: looking is a quarter of the work. */
function escapeText(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return special.test(text) ? ejs.escapeXML(text) : text;
}

const special = /[&<>'"]/;

/**
 * EJS turns the text into the source of a function; the function around it is made here. Without `with`, which keeps V8 from
 * compiling a template, and with `page` beside the locals, a long list costs a fifth of what EJS's own rendering takes.
 */
function compile(name: string): Template {
  const filename = `${folder}/${name}.ejs`;
  const options = { filename, compileDebug: false, _with: false, rmWhitespace: true };
  const parsed = new ejs.Template(readFileSync(filename, 'utf8'), options);
  parsed.compile();
  const source = `'use strict';\n${parsed.source}\n//# sourceURL=${filename}`;
  const template = new Function('locals', 'page', 'escapeFn', 'include', source) as Template;
  compiled.set(name, template);
  return template;
}
