import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../support/build.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const withoutBlocks = (text: string) => text.replaceAll(/^ *```.*?^ *```$/gms, '');

/** Links of a page to files and headings of this repository. */
const linksOf = (page: string) =>
  [...withoutBlocks(read(page)).matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].map(([, file, anchor]) => ({
    link: `${file}#${anchor}`,
    target: file ? relative(root, resolve(root, dirname(page), file)) : page,
    anchor,
  }));

/** Anchors of a page's headings, as GitHub derives them. */
const anchorsOf = (page: string) =>
  [...withoutBlocks(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Files and folders in backticks, relative to the root or to src. An asterisk at the end is a wildcard. */
function filesIn(page: string): string[] {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const inSrc = new RegExp(`^(${folders.map(({ name }) => name).join('|')})/(.*\\.\\w+)?$`);
  return [...withoutBlocks(read(page)).matchAll(/`([\w.@-]+\/[\w./@-]*\*?)`/g)]
    .map(([, path]) => path!)
    .filter((path) => /^(src|test|tools|docs|prisma|\.ci)\//.test(path) || inSrc.test(path));
}

function exists(path: string): boolean {
  if (!path.endsWith('*')) return ['', 'src'].some((base) => existsSync(join(root, base, path)));
  const start = join(root, path.slice(0, -1));
  return readdirSync(dirname(start)).some((name) => join(dirname(start), name).startsWith(start));
}

test('README has at most 900 words', () => {
  expect(read('README.md').split(/\s+/).length).toBeLessThanOrEqual(900);
});

describe.each(PAGES)('%s', (page) => {
  test('links only to existing files and headings', () => {
    const broken = linksOf(page).filter(
      ({ target, anchor }) => !exists(target) || (anchor && !anchorsOf(target).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  test('names only existing files', () => {
    expect(filesIn(page).filter((path) => !exists(path))).toEqual([]);
  });

  test('names only existing npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(page).matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('every page can be reached from README', () => {
  const reached = new Set(['README.md']);
  // A set also iterates over elements that are added in the loop.
  for (const page of reached)
    if (page.endsWith('.md')) for (const { target } of linksOf(page)) reached.add(target);
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

test('the page on configuration lists every variable, and no other', () => {
  const declared = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name!);
  const [, fromFiles] = /FROM_FILES = \[(.*?)\]/s.exec(read('src/file-variables.ts'))!;
  const files = [...fromFiles!.matchAll(/'(\w+)'/g)].map(([, name]) => `${name}_FILE`);
  const cells = [...read('docs/configuration.md').matchAll(/^\| (`.+?`) \|/gm)].map(([, cell]) => cell!);
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect(listed.sort()).toEqual([...declared, ...files, 'NODE_ENV'].sort());
});

test('the page on commands lists every npm script, except those that other scripts call', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const called = ['refresh', 'check:schema'];
  const page = read('docs/commands.md');
  const names = Object.keys(scripts).filter((name) => !called.includes(name));
  const missing = names.filter(
    (name) => !new RegExp(`^\\| \`.*npm (run )?(--silent )?${name}[ \`]`, 'm').test(page),
  );
  expect(missing).toEqual([]);
});
