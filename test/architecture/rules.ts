import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../../src/ground/root.ts';

/** The rooms from top to bottom: a room imports only from rooms above it. The same order stands in the README's map. */
export const rooms = [
  'ground',
  'access',
  'web',
  'history',
  'settings',
  'jobs',
  'links',
  'notifications',
  'mail',
  'sessions',
  'groups',
  'users',
  'tariffs',
  'things',
  'rights',
  'balance',
  'payments',
  'twofactor',
  'passkeys',
  'signin',
  'recovery',
  'verification',
  'registration',
  'invitations',
  'connection',
  'feedback',
  'announcements',
  'my',
  'dormancy',
  'account',
  'imports',
  'bulk',
  'overview',
] as const;

/** The files that compose all rooms; they alone may stand directly in src. */
const roots = [
  'app.ts',
  'belongings.ts',
  'undoers.ts',
  'routes.ts',
  'routes.contact.ts',
  'routes.own.ts',
  'routes.things.ts',
  'routes.feedback.ts',
  'routes.statement.ts',
  'routes.tariffs.ts',
  'server.ts',
  'start.ts',
  'worker.ts',
  'migrate.ts',
  'ledger.ts',
];

const topLevel =
  'src views public migrations seeds test bench docs .ci package.json package-lock.json tsconfig.json biome.json Procfile README.md STYLE.md CHANGELOG.md LICENSE .editorconfig .gitignore .mocharc.json .git node_modules dist .data'.split(
    ' ',
  );

const longestFile = 250;
const longestView = 90;

type Source = { path: string; text: string; lines: number };

/** Every breach of the house rules, as a sentence with its file. */
export function findBreaches(): string[] {
  const sources = read('src', /\.ts$/);
  const views = read('views', /\.ejs$/);
  return [
    ...topLevelBreaches(),
    ...sources.flatMap((file) => [...staircaseBreaches(file), ...doorBreaches(file), ...nameBreaches(file)]),
    ...[...sources, ...read('test', /\.ts$/), ...read('seeds', /\.ts$/)].flatMap(lengthBreaches),
    ...views.flatMap(viewBreaches),
    ...medianBreaches(sources, 60),
    ...medianBreaches(views, 30),
  ];
}

function topLevelBreaches(): string[] {
  const strangers = readdirSync(root).filter((name) => !topLevel.includes(name));
  return strangers.map((name) => `${name} does not belong at the top level`);
}

function staircaseBreaches({ path, text }: Source): string[] {
  const room = roomOf(path);
  if (!room) return roots.includes(path.replace('src/', '')) ? [] : [`${path} stands in no room`];
  const imported = [...text.matchAll(/from '\.\.\/([\w-]+)\//g)].map((match) => match[1] as string);
  const wrong = imported.filter((other) => rank(other) === -1 || rank(other) > rank(room));
  const composed = [...text.matchAll(/from '\.\.\/([\w-]+\.ts)'/g)].map((match) => match[1] as string);
  return [...wrong, ...composed].map((other) => `${path} imports from ${other}, which is not above it`);
}

/** Who may speak HTTP, SQL, mail and csurf. */
function doorBreaches({ path, text }: Source): string[] {
  const isPages = path.endsWith('.pages.ts');
  const speaksHttp = isPages || path.startsWith('src/web/') || !roomOf(path);
  const breaches: [boolean, string][] = [
    [!speaksHttp && /from 'express'/.test(text), 'knows Express'],
    [isPages && /from 'knex'|dbOf\(req\)\(|\bdb\('|\.raw\(|\.transaction\(/.test(text), 'queries the database from a page'],
    [!path.startsWith('src/mail/') && /from 'nodemailer'/.test(text), 'sends mail outside of mail/'],
    [!path.startsWith('src/web/') && /from 'csurf'/.test(text), 'uses csurf outside of web/'],
    [/export default/.test(text), 'has a default export'],
    [/\bas any\b|: any\b|@ts-ignore|@ts-expect-error/.test(text), 'gives types up'],
    [/\bclass (?!\w+ extends (Error|Refused)\b)/.test(text), 'has a class that is no error'],
  ];
  return breaches.filter(([is]) => is).map(([, what]) => `${path} ${what}`);
}

function nameBreaches({ path }: Source): string[] {
  return /(utils?|helpers?|common|service|manager|misc)(\/|\.ts$)/.test(path) ? [`${path} has a name that says nothing`] : [];
}

function lengthBreaches({ path, lines }: Source): string[] {
  return lines > longestFile ? [`${path} has ${lines} lines, ${longestFile} at most`] : [];
}

function viewBreaches({ path, text, lines }: Source): string[] {
  const raw = [...text.matchAll(/<%-\s*(\S+)/g)].filter(([, code]) => !/^(include\(|body\b)/.test(code as string));
  const unsigned = [...text.matchAll(/<[a-z][^<>]*?\shx-(?:get|post)=(?:[^<>]|<%.*?%>)*>/gs)].filter(
    ([tag]) => !tag.includes('hx-nonce'),
  );
  const breaches: [boolean, string][] = [
    [lines > longestView, `has ${lines} lines, ${longestView} at most`],
    [raw.length > 0, `prints unescaped: ${raw[0]?.[0]}`],
    [/\sstyle="|\son[a-z]+="|hx-on|['"]js:/.test(text), 'has inline style, script or an evaluated attribute'],
    [unsigned.length > 0, `has an htmx element without hx-nonce: ${unsigned[0]?.[0].slice(0, 80)}`],
    [/dbOf|knex/.test(text), 'queries the database'],
  ];
  return breaches.filter(([is]) => is).map(([, what]) => `${path} ${what}`);
}

function medianBreaches(files: Source[], most: number): string[] {
  const sorted = files.map(({ lines }) => lines).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return median > most ? [`the median of ${files.length} files is ${median} lines, ${most} at most`] : [];
}

const rank = (room: string) => (rooms as readonly string[]).indexOf(room);
const roomOf = (path: string) => /^src\/([\w-]+)\//.exec(path)?.[1];

function read(folder: string, pattern: RegExp): Source[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => {
    const text = readFileSync(file, 'utf8');
    return { path: relative(root, file), text, lines: text.split('\n').length - 1 };
  });
}
