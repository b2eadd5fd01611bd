import { beforeAll, expect, test } from '@jest/globals';
import { print, validate } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { fragments, operation, operations } from '../support/operations.ts';
import { sharedApp } from '../support/shared-app.ts';

// test/operations contains a dashboard's operations. They fit the schema, and the demonstration answers them in full.
export function dashboardOperations(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
  });

  const newProfile = {
    title: 'Made by a dashboard',
    scriptId: '35',
    username: 'root',
    timeLimit: 60,
    trigger: { recurring: { interval: '0 6 * * *', startAfter: '2025-05-01T00:00:00Z' } },
    allComputers: true,
  };

  /** Sent in this order. The objects in `expected` are part of the answer. */
  const sent: [operation: string, variables: object, expected: object][] = [
    [
      'Overview',
      {},
      { viewer: { accountName: 'standalone' }, pending: { totalCount: 2 }, archived: { totalCount: 1 } },
    ],
    ['Home', {}, { viewer: { accountName: 'standalone' }, pending: { totalCount: 2 } }],
    [
      'Profiles',
      { first: 2 },
      { scriptProfiles: { pageInfo: { hasNextPage: true, hasPreviousPage: false } } },
    ],
    [
      'Profiles',
      { last: 1, filter: { status: 'ALL' }, orderBy: { field: 'NEXT_RUN', direction: 'ASC' } },
      {
        scriptProfiles: {
          edges: [{ node: { id: expect.any(String) } }],
          pageInfo: { hasPreviousPage: true },
        },
      },
    ],
    ['Profile', { id: '5' }, { scriptProfile: { databaseId: 5, script: { status: 'ACTIVE' } } }],
    ['Runs', { statuses: ['FAILED', 'SUCCEEDED'] }, { activities: { pageInfo: { hasNextPage: true } } }],
    ['Run', { id: '2396' }, { activity: { databaseId: 2396, status: 'UNDELIVERED' } }],
    [
      'Fleet',
      { filter: { tags: ['web'] } },
      {
        computers: {
          nodes: expect.arrayContaining([expect.objectContaining({ tags: expect.arrayContaining(['web']) })]),
        },
      },
    ],
    [
      'CreateProfile',
      { input: newProfile },
      { createScriptProfile: { scriptProfile: { title: newProfile.title }, userErrors: [] } },
    ],
    [
      'CreateProfile',
      { input: newProfile },
      { createScriptProfile: { scriptProfile: null, userErrors: [{ code: 'TITLE_TAKEN', field: 'title' }] } },
    ],
    [
      'UpdateProfile',
      { input: { id: '5', tags: ['db'] } },
      { updateScriptProfile: { scriptProfile: { tags: ['db'] }, userErrors: [] } },
    ],
    [
      'RunProfile',
      { id: '5', key: 'once' },
      { runScriptProfile: { activity: { status: 'UNDELIVERED' }, userErrors: [] } },
    ],
    [
      'PauseProfile',
      { id: '5', note: 'For now.' },
      {
        pauseScriptProfile: {
          scriptProfile: { pauseNote: 'For now.', trigger: { nextRun: null } },
          userErrors: [],
        },
      },
    ],
    [
      'ResumeProfile',
      { id: '5' },
      {
        resumeScriptProfile: {
          scriptProfile: { pausedAt: null, trigger: { nextRun: expect.any(String) } },
          userErrors: [],
        },
      },
    ],
    [
      'ArchiveProfile',
      { id: '5' },
      { archiveScriptProfile: { scriptProfile: { archived: true }, userErrors: [] } },
    ],
  ];

  test.each(Object.entries(operations))('%s fits the schema', (_, document) => {
    expect(validate(createSchema(), document)).toEqual([]);
  });

  test('each operation is sent, and each fragment is used', () => {
    expect(Object.keys(operations).filter((name) => !sent.some(([operation]) => operation === name))).toEqual(
      [],
    );
    const texts = Object.values(operations).map(print).join('\n');
    expect(fragments.filter((name) => !texts.includes(`...${name}\n`))).toEqual([]);
  });

  test.each(sent)('%s with %j is answered', async (name, variables, expected) => {
    const { status, data, errors } = await app.graphql(print(operation(name)), variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(data).toMatchObject(expected);
  });

  test('the home page is one request, which costs at most 2,000 and takes 14 statements', async () => {
    const query = print(operation('Home'));
    const statements = await app.statements(async () => {
      const answer = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${app.token()}`,
          'x-query-cost': '1',
        },
        body: JSON.stringify({ query }),
      });
      expect(await answer.json()).not.toHaveProperty('errors');
      expect(Number(answer.headers.get('x-query-cost'))).toBeLessThanOrEqual(2000);
    });
    expect(statements).toBe(14);
  });
}
