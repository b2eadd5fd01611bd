import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { signToken } from '../../src/http/auth/tokens.ts';
import type { Example } from '../../src/rest/openapi/openapi.ts';
import { routes } from '../../src/rest/rest-api.ts';
import type { TestApp } from '../support/app.ts';
import { pretty, updates } from '../support/documented.ts';
import { sharedApp } from '../support/shared-app.ts';
import { base64 } from './client.ts';
import { send } from './raw.ts';

// The examples of the OpenAPI document are requests and answers with the documented data. UPDATE_DOCS=1 rewrites them.

const file = new URL('../../src/rest/openapi/openapi-examples.json', import.meta.url);
const examples: Record<string, Example> = JSON.parse(readFileSync(file, 'utf8'));
const older = [
  { operationId: 'callActionByGet', method: 'GET', path: '/' },
  { operationId: 'callAction', method: 'POST', path: '/' },
];

/** Values that differ on each server. */
const placeholders: readonly [RegExp, string][] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmVk'],
  [/"package_version":"[^"]+"/g, '"package_version":"1.0.0"'],
  [/127\.0\.0\.1:\d+/g, 'gateway.example.com'],
  [/#token=[\w-]+/g, '#token=password_1_example'],
  [/\b[A-Z2-9]{20}\b/g, 'TP64DDDDDDDDWK57CAAA'],
  [/(?<="secret_key":"|SECRET=')[\w-]{43}/g, 'BwpqyAU7xyVZR9QQ0Wdn1jn5PBwpqyAU7xyVZR9QQ0W'],
];
const settled = (text: string) =>
  placeholders.reduce((result, [found, placed]) => result.replace(found, placed), text);

export function openapiExamples(): void {
  let app: TestApp;
  /** Replaces the invented key of the example. */
  let accessKey: object;

  beforeAll(async () => {
    app = await sharedApp();
    await app.setPassword('a long password');
    const { data } = await app.graphql(`mutation {
      addScriptAttachment(input: { scriptId: "35", filename: "units.txt", content: "${base64('ssh.service\n')}" }) {
        script { attachments { databaseId } }
      }
      createAccessKey(input: { title: "For examples" }) { accessKey { key } secretKey }
      createPerson(input: { name: "Grace Hopper", email: "grace@example.com", roles: [] }) { userErrors { message } }
    }`);
    accessKey = {
      access_key: data.createAccessKey.accessKey.key,
      secret_key: data.createAccessKey.secretKey,
    };
  });

  /** Ends a run, because only an ended run can run again. */
  const endARun = () =>
    app.graphql(`mutation {
      runScriptProfile(input: { id: "5" }) { activity { id } }
      cancelActivity(input: { id: "2400" }) { userErrors { message } }
    }`);

  test('every operation has an example', () => {
    const operations = [...routes, ...older].map(({ operationId }) => operationId);
    expect(Object.keys(examples).toSorted()).toEqual(operations.toSorted());
  });

  // In the order of the file, because examples that end an object come last.
  const names = Object.keys(examples);
  test.each(names)('%s returns the answer of its example', async (name) => {
    const { path = {}, query = {}, body, answer } = examples[name]!;
    const route = [...routes, ...older].find(({ operationId }) => operationId === name)!;
    const isOlder = older.some(({ operationId }) => operationId === name);
    const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const address = route.path.replace(/\{(\w+)\}/g, (_, key: string) => String(path[key]));
    // Each token is a second older than the next, because an example may revoke the earlier ones.
    const issued = Math.floor(Date.now() / 1000) - names.length + names.indexOf(name);
    const john = { email: 'john@example.com', account: 'standalone' };
    const token = signToken(john, { secret: app.secret, minutes: 60, now: issued });
    if (name === 'reapplyActivities') await endARun();
    // The last one, because it requires an empty installation.
    if (name === 'createStandaloneAccount') await sharedApp({ seed: 'none' });
    const sent = name === 'logInWithAccessKey' ? accessKey : body;
    const { status, text } = await send(
      app,
      route.method,
      `${isOlder ? '/api' : '/api/v2'}${address}${search.size > 0 ? `?${search}` : ''}`,
      isOlder && sent
        ? {
            token,
            body: new URLSearchParams({ ...sent }).toString(),
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
          }
        : {
            token,
            ...(sent && { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }),
          },
    );
    expect({ isDone: status < 300, text }).toEqual({ isDone: true, text });
    if (text === '') return;
    const came = name === 'getScriptAttachment' ? text : JSON.parse(settled(text));
    if (updates) examples[name] = { ...examples[name], answer: came };
    else expect(answer).toEqual(came);
  });

  afterAll(() => {
    if (updates) writeFileSync(file, `${pretty(examples)}\n`);
  });
}
