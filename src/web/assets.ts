import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import { root } from '../ground/root.ts';

const files: Record<string, string> = {
  'app.css': 'public/app.css',
  'app.js': 'public/app.js',
  'passkeys.js': 'public/passkeys.js',
  'icons.svg': 'public/icons.svg',
  'favicon.svg': 'public/favicon.svg',
  'htmx.js': 'node_modules/htmx.org/dist/htmx.min.js',
  'hx-csp.js': 'node_modules/htmx.org/dist/ext/hx-csp.min.js',
};

const contents = Object.fromEntries(Object.entries(files).map(([name, path]) => [name, readFileSync(join(root, path))]));
const hashes = Object.fromEntries(
  Object.entries(contents).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex').slice(0, 12)]),
);

/** The address of a public file: it holds the content's hash, so it may be cached for ever. */
export const asset = (name: string) => `/assets/${hashes[name]}/${name}`;

/** Serves exactly the files above, from memory; nothing else of the folder is reachable. */
export function assets(): Router {
  return Router().get('/assets/:hash/:name', (req, res, next) => {
    const content = Object.hasOwn(contents, req.params.name) ? contents[req.params.name] : undefined;
    if (!content || hashes[req.params.name] !== req.params.hash) return next();
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    res.type(req.params.name).send(content);
  });
}
