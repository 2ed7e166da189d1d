import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ejs from 'ejs';
import { root } from '../ground/root.ts';

type Locals = Record<string, unknown>;
type Include = (path: string, more?: Locals) => string;
type Template = (locals: Locals, escapeText: typeof ejs.escapeXML, include: Include) => string;

const folder = `${root}/views`;
const compiled = new Map<string, Template>();

/**
 * Renders a view by its name below views/. A part sees the locals of the page around it, and what it is given lies over them.
 * The including is ours: EJS's own copies every local for every part, which for a long list costs more than all the rest.
 */
export function renderView(name: string, locals: Locals, { isKept }: { isKept: boolean }): string {
  const template = (isKept && compiled.get(name)) || compile(name);
  const include: Include = (path, more) => renderView(beside(name, path), over(locals, more), { isKept });
  return template(locals, ejs.escapeXML, include);
}

/** The outermost locals: without a prototype, so that nothing from outside can be taken for one of them. */
export const outermost = (locals: Locals): Locals => Object.assign(Object.create(null), locals);

const over = (locals: Locals, more: Locals | undefined): Locals => (more ? Object.assign(Object.create(locals), more) : locals);

/** `/layout/_icon` from views/, `_row` from beside the view that includes it. */
const beside = (name: string, path: string) => (path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(name), path));

/** EJS turns the text into the source of a function; the function around it is made here. */
function compile(name: string): Template {
  const filename = `${folder}/${name}.ejs`;
  const parsed = new ejs.Template(readFileSync(filename, 'utf8'), { filename, compileDebug: false });
  parsed.compile();
  const template = new Function('locals', 'escapeFn', 'include', `${parsed.source}\n//# sourceURL=${filename}`) as Template;
  compiled.set(name, template);
  return template;
}
