import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

// From top to bottom. A file may import from its own folder or from a lower floor, but not from the same floor or
// above.
const floors = [
  ['src', 'commands'],
  ['rest', 'message-system'],
  ['graphql'],
  ['http'],
  ['scheduling', 'maintenance', 'demo'],
  ['repositories'],
  ['database'],
  ['services'],
  ['domain'],
];
const apis = ['rest', 'message-system', 'graphql', 'http'];
/** The only floors that may use Prisma and SQL. */
const stores = ['maintenance', 'demo', 'repositories', 'database'];
const notForApis = [...apis, ...stores, 'scheduling'];
const LONGEST_FILE = 300;
/** A client of the graph, which a browser runs. It and the server import nothing of each other. */
const CONSOLE = 'console';
const LONGEST_CONSOLE_FILE = 200;
const LARGEST_FOLDER = 20;

const databasePackages = /^(@prisma\/|@electric-sql\/|prisma$|pg$|pg-|pglite)/;
const IMPORT = /\b(?:from|import|import\(|require\(|require\.resolve\()\s*['"]([^'"]+)['"]/g;
const READS_TIME = /\bnew Date\b(?!\(\s*[^\s)])|(?<!new )\bDate\(\)|\bDate\.now\b|\bperformance\.now\b/;
const SQL_TIME =
  /(?<![\w.])now\(\)|\b(?:current_(?:date|time)|(?:current_|local|clock_|statement_|transaction_)timestamp)\b/i;
const timeless = ['domain', 'services', ...stores, 'graphql', 'rest', 'message-system'];
/** This file may read the time, because it does so for a person who inspects the lock, before the database is open. */
const NOTES_THE_TIME = 'database/embedded/lock-holder.ts';
const CLOCK_PORT = 'repositories/store.ts';

/** The folder of a file, or `src` for files at the top. */
const folderOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : 'src');
const floorOf = (folder: string) => floors.findIndex((floor) => floor.includes(folder));

/** The rules that a file breaks. Its path is relative to src. */
function complaints(file: string, text: string): string[] {
  const folder = folderOf(file);
  const imported = [...text.matchAll(IMPORT)].map(([, name]) => name!);
  if (folder === CONSOLE) return consoleComplaints(file, text, imported);
  const found = imported.flatMap((name) => importComplaints(file, folder, name));
  if (floorOf(folder) < 0) found.push(`${folder} is on no floor`);
  if (text.split('\n').length - 1 > LONGEST_FILE) found.push(`has more than ${LONGEST_FILE} lines`);
  if (timeless.includes(folder) && file !== NOTES_THE_TIME && READS_TIME.test(text))
    found.push('reads the time');
  if (file !== CLOCK_PORT && SQL_TIME.test(text)) found.push('asks the database for the time');
  return found;
}

function consoleComplaints(file: string, text: string, imported: readonly string[]): string[] {
  const found = imported
    .filter((name) => name.startsWith('node:') || (name.startsWith('.') && !isOfConsole(file, name)))
    .map((name) => `${file} imports ${name}`);
  if (text.split('\n').length - 1 > LONGEST_CONSOLE_FILE)
    found.push(`has more than ${LONGEST_CONSOLE_FILE} lines`);
  return found;
}

const isOfConsole = (file: string, name: string) =>
  normalize(join(dirname(file), name)).startsWith(`${CONSOLE}/`);

function importComplaints(file: string, folder: string, name: string): string[] {
  if (!name.startsWith('.')) {
    if (name.startsWith('node:')) return [];
    if (folder === 'domain') return [`the domain imports the package ${name}`];
    if (databasePackages.test(name) && !stores.includes(folder)) return [`${folder} imports ${name}`];
    return name === 'jsonwebtoken' && file !== 'http/auth/tokens.ts' ? [`${file} imports ${name}`] : [];
  }
  const target = normalize(join(dirname(file), name));
  if (target.startsWith('..')) return [`${file} imports ${name}, outside of src`];
  const to = folderOf(target);
  if (to === CONSOLE) return [`${folder} imports ${target}`];
  if (target.startsWith('database/generated/') && !stores.includes(folder))
    return [`${folder} imports ${target}`];
  if (to === folder || floorOf(folder) === 0) return [];
  const allowed = floorOf(to) > floorOf(folder) && !(apis.includes(folder) && notForApis.includes(to));
  return allowed ? [] : [`${folder} imports ${target}`];
}

const root = fileURLToPath(new URL('..', import.meta.url));
// Without packages: the bench installs its peers below test/.
const filesIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((file) => !/\/(generated|node_modules)\//.test(file));
const sources = filesIn('src').filter((file) => /\.tsx?$/.test(file));

test.each(sources)('%s breaks no rule on imports, length and time', (file) => {
  expect(complaints(file.slice('src/'.length), readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

test('the check covers every floor', () => {
  const folders = new Set(sources.map((file) => folderOf(file.slice('src/'.length))));
  expect([...folders]).toEqual(expect.arrayContaining(floors.flat()));
});

test('no folder contains more than 20 files', () => {
  const folders = sources.map((file) => dirname(file));
  const sizeOf = (folder: string) => folders.filter((one) => one === folder).length;
  expect(folders.filter((folder) => sizeOf(folder) > LARGEST_FOLDER)).toEqual([]);
});

test('no file imports itself through others, not even for a type', () => {
  const imports = importsBy(IMPORT);
  expect(sources.filter((file) => reachedFrom([file], imports).has(file))).toEqual([]);
});

test('every page of the console loads the fragments that its documents spread', () => {
  const imports = importsBy(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms);
  const texts = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const namesIn = (files: readonly string[], pattern: RegExp) =>
    files.flatMap((file) => [...(texts.get(file) ?? '').matchAll(pattern)].map(([, name]) => name!));
  const frame = 'src/console/main.tsx';
  const pages = [...importsBy(/\bimport\('([^']+)'\)/g).values()].flat();
  expect(pages.length).toBeGreaterThan(20);
  const missing = [frame, ...pages].flatMap((page) => {
    const loaded = [frame, page, ...reachedFrom([frame, page], imports)];
    const registered = new Set(namesIn(loaded, /^\s*fragment (\w+) on /gm));
    const spread = new Set(namesIn(loaded, /[{\s]\.\.\.([A-Z][a-z]\w+)(?=[\s}])/g));
    return [...spread].filter((name) => !registered.has(name)).map((name) => `${page} lacks ${name}`);
  });
  expect(missing).toEqual([]);
});

/** The files of src that each file imports, as the pattern finds them. */
const importsBy = (pattern: RegExp): ReadonlyMap<string, readonly string[]> =>
  new Map(
    sources.map((file) => [
      file,
      [...readFileSync(join(root, file), 'utf8').matchAll(pattern)]
        .filter(([, name]) => name!.startsWith('.'))
        .map(([, name]) => normalize(join(dirname(file), name!))),
    ]),
  );

/** The files that some files import, directly or through others. */
function reachedFrom(
  files: readonly string[],
  imports: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = files.flatMap((file) => imports.get(file) ?? []);
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    if (reached.has(one)) continue;
    reached.add(one);
    next.push(...(imports.get(one) ?? []));
  }
  return reached;
}

test('no file refers to a path outside of the repository', () => {
  const top = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const files = [...top, ...['src', 'tools', 'test', 'prisma'].flatMap(filesIn)];
  const outside = /\.\.\/shared\b|\/work\/[s]hared\b/;
  expect(files.filter((file) => outside.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('tests take random values only from their seed', () => {
  const random = /\b(?:Math\.random|randomInt|getRandomValues)\(/;
  const choosing = filesIn('test').filter(
    (file) => file.endsWith('.ts') && random.test(readFileSync(join(root, file), 'utf8')),
  );
  // The only exception, because a port only has to be free.
  expect(choosing).toEqual(['test/support/free-port.ts']);
});

// One case for each rule. Each uses another form of import.
describe('the check fails if', () => {
  test.each([
    ['a floor imports a higher one', 'domain/b/a.ts', "import { a } from '../../services/a.ts';"],
    ['a floor imports another floor of its level', 'scheduling/a.ts', "await import('../demo/a.ts');"],
    ['an API imports a lower API', 'rest/a.ts', "import {\n  a,\n} from '../graphql/a.ts';"],
    ['an API imports the store', 'graphql/a.ts', "import type { A } from '../repositories/a.ts';"],
    ['a file imports from outside of src', 'app.ts', "export * from '../test/a.ts';"],
    ['the domain imports a package', 'domain/a.ts', "import { z } from 'zod';"],
    ['scheduling imports PGlite', 'scheduling/a.ts', "const a = typeof import('@electric-sql/pglite');"],
    ['the top imports generated code', 'app.ts', "import { P } from './database/generated/client.ts';"],
    [
      'a file outside of tokens.ts imports jsonwebtoken',
      'http/auth/authenticate.ts',
      "import jwt from 'jsonwebtoken';",
    ],
    ['a folder belongs to no floor', 'utils/a.ts', ''],
    ['a file is too long', 'domain/a.ts', '\n'.repeat(301)],
    ['the console imports the server', 'console/pages/a.tsx', "import { a } from '../../domain/a.ts';"],
    ['the console imports Node', 'console/a.ts', "import 'node:fs';"],
    ['the server imports the console', 'app.ts', "import { a } from './console/a.ts';"],
    ['a file of the console is too long', 'console/a.tsx', '\n'.repeat(201)],
    ['a resolver measures time', 'graphql/a.ts', 'const a = performance.now();'],
    ['a statement reads the time', 'repositories/a.ts', 'sql`select now()`'],
  ])('%s', (_, file, text) => {
    expect(complaints(file, text)).toHaveLength(1);
  });

  test.each([
    ['an API imports lower floors', 'rest/a.ts', "import '../services/a.ts'; import '../domain/a.ts';"],
    [
      'the top imports an API and the store',
      'commands/a.ts',
      "import '../http/a.ts'; import '../repositories/a.ts';",
    ],
    ['the console imports its own files', 'console/pages/a.tsx', "import '../app/a.ts'; import 'react';"],
    [
      'the time is an argument',
      'repositories/a.ts',
      'new Date(0); sql`select timestamp from script_profile`',
    ],
  ])('but not if %s', (_, file, text) => {
    expect(complaints(file, text)).toEqual([]);
  });
});
