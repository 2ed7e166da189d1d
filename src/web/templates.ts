import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ejs from 'ejs';
import { root } from '../ground/root.ts';

type Locals = Record<string, unknown>;
type Include = (path: string, given?: Locals) => string;
type Run = (locals: Locals, page: Locals, escapeText: (value: unknown) => string, include: Include) => string;
type Template = { name: string; run: Run; parts: Map<string, Template> };

const folder = `${root}/views`;
const compiled = new Map<string, Template>();

/**
 * Renders a view by its name below views/. A view says in its first lines what it takes: of `locals`, what it was given, and of
 * `page`, what holds for everything on the page. A part that is given nothing takes the locals of the view around it.
 */
export function renderView(name: string, locals: Locals, { page, isKept }: { page: Locals; isKept: boolean }): string {
  const render = (template: Template, given: Locals): string =>
    template.run(given, page, escapeText, (path, more) => render(partOf(template, path), more ?? given));
  if (!isKept) compiled.clear();
  return render(templateOf(name), locals);
}

/** Remembered under the path as it is written: a long list asks for the same few parts a thousand times. */
function partOf({ name, parts }: Template, path: string): Template {
  const known = parts.get(path);
  if (known) return known;
  const part = templateOf(path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(name), path));
  parts.set(path, part);
  return part;
}

function templateOf(name: string): Template {
  const template = compiled.get(name) ?? { name, run: compile(name), parts: new Map() };
  compiled.set(name, template);
  return template;
}

/**
 * EJS turns the text into the source of a function; the function around it is made here. Without `with`, which keeps V8 from
 * compiling a template, and with `page` beside the locals, a long list costs a fifth of what EJS's own rendering takes.
 */
function compile(name: string): Run {
  const filename = `${folder}/${name}.ejs`;
  const options = { filename, compileDebug: false, _with: false, rmWhitespace: true };
  const parsed = new ejs.Template(readFileSync(filename, 'utf8'), options);
  parsed.compile();
  const source = `'use strict';\n${parsed.source}\n//# sourceURL=${filename}`;
  return new Function('locals', 'page', 'escapeFn', 'include', source) as Run;
}

/** Most values hold nothing to escape: looking is a quarter of the work. */
function escapeText(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return special.test(text) ? ejs.escapeXML(text) : text;
}

const special = /[&<>'"]/;
