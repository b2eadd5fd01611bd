import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';

// A dashboard in TypeScript, with the client preset of graphql-codegen as configured in docs/clients.md, and the
// documents of test/operations.

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache');
const binary = (name: string) => join(root, 'node_modules/.bin', name);

let folder: string;
let app: TestApp;

/** Runs a program of the dashboard's packages, and returns its output. */
async function run(name: string, ...args: string[]): Promise<string> {
  const environment = { ...process.env, NODE_OPTIONS: '' };
  const done = promisify(execFile)(binary(name), args, { cwd: folder, env: environment });
  return (await done.catch(({ stdout, stderr }) => ({ stdout: `${stdout}${stderr}` }))).stdout;
}

const program = `
import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { CreateProfileDocument, type ProfilesQuery, ProfilesDocument } from './src/gql/graphql.ts';

const [url, token] = process.argv.slice(2) as [string, string];

async function send<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${token}\` },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await answer.json()) as { data: Result; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const unset = { after: null, last: null, before: null, orderBy: null };
const page: ProfilesQuery = await send(ProfilesDocument, { ...unset, first: 1, filter: { status: 'ARCHIVED', search: null } });
const title: string | undefined = page.scriptProfiles?.edges[0]?.node.title;

const trigger = { oneTime: { timestamp: '2025-05-01T00:00:00Z' } };
const input = { title: '', scriptId: '35', username: 'root', timeLimit: 60, trigger };
const { createScriptProfile } = await send(CreateProfileDocument, { input });
const codes = createScriptProfile?.userErrors.map(({ code }) => code);
console.log(JSON.stringify({ title, codes }));
`;

/** Each line has an error that the types must detect. */
const faulty = `
import type { CreateProfileMutationVariables, ProfilesQuery, ProfilesQueryVariables } from './src/gql/graphql.ts';
export const unknownStatus: ProfilesQueryVariables = { filter: { status: 'GONE' } };
export const timeAsNumber: ProfilesQueryVariables = { filter: { createdAt: { from: 5 } } };
export const nameOf = (page: ProfilesQuery) => page.scriptProfiles!.edges[0]!.node.name;
export const unchecked = (page: ProfilesQuery) => page.scriptProfiles.edges;
export const incomplete: CreateProfileMutationVariables = { input: { title: 'a' } };
export const two: CreateProfileMutationVariables['input']['trigger'] = { event: { eventType: 'POST_ENROLLMENT' }, oneTime: { timestamp: '' } };
`;

beforeAll(async () => {
  app = await startApp({ seed: 'demo' });
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'dashboard-'));
  const write = (name: string, content: string | object) =>
    writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  await write('package.json', { type: 'module' });
  await copyFile(join(root, 'test/clients/codegen.json'), join(folder, 'codegen.json'));
  await copyFile(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  await cp(join(root, 'test/operations'), join(folder, 'src'), { recursive: true });
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2023',
    module: 'esnext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  };
  await write('tsconfig.json', { compilerOptions, include: ['dashboard.ts', 'src'] });
  await write('tsconfig.faulty.json', { compilerOptions, include: ['faulty.ts', 'src'] });
  await write('dashboard.ts', program);
  await write('faulty.ts', faulty);
});
afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true });
});

test('generated types compile, detect errors, and match the server’s answers', async () => {
  expect(await run('graphql-codegen', '--config', 'codegen.json', '--silent')).toBe('');
  expect(await run('tsc', '-p', 'tsconfig.json')).toBe('');

  const lines = faulty.trim().split('\n').length;
  const faults = await run('tsc', '-p', 'tsconfig.faulty.json');
  const found = new Set([...faults.matchAll(/^faulty\.ts\((\d+)/gm)].map(([, line]) => Number(line)));
  expect([...found].sort()).toEqual(Array.from({ length: lines - 1 }, (_, index) => index + 3));

  const printed = await run('tsx', 'dashboard.ts', `${app.url}/graphql`, app.token());
  expect(JSON.parse(printed)).toEqual({ title: expect.any(String), codes: ['INVALID_INPUT'] });
});
