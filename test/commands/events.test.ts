import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { runCommand } from '../support/server-process.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
  await app.graphql('mutation { createAccessGroup(input: { title: "Group" }) { userErrors { code } } }');
  const first = await app.database.prisma.event.findFirstOrThrow();
  // More than one page of events.
  await app.database.prisma.event.createMany({
    data: Array.from({ length: EVENTS - 1 }, () => ({ ...first, id: undefined, changes: {} })),
  });
});
afterAll(() => app?.close());

const EVENTS = 510;

/** Runs the command, and parses each line of its output. */
async function exported(...options: string[]) {
  const { code, stdout, stderr } = await runCommand(
    'events',
    ['--url', app.url, '--email', 'john@example.com', ...options],
    { environment: { JWT_SECRET: app.secret } },
  );
  return {
    code,
    stderr,
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
}

describe('npm run events', () => {
  test('prints every event as a line of JSON, oldest first', async () => {
    const { code, stderr, lines } = await exported();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines).toHaveLength(EVENTS);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(EVENTS);
    expect(lines[0]).toEqual({
      cursor: expect.any(String),
      id: expect.any(String),
      createdAt: expect.stringMatching(/^2025-/),
      action: 'ACCESS_GROUP_CREATED',
      person: { databaseId: expect.any(Number), email: 'john@example.com', name: 'John Smith' },
      computerId: null,
      address: '127.0.0.1',
      requestId: expect.any(String),
      entityType: 'AccessGroup',
      entityId: expect.any(Number),
      entityTitle: 'Group',
      changes: [{ field: 'parent', from: 'null', to: '"global"' }],
    });
  });

  test('continues after the cursor of an earlier export', async () => {
    const { lines } = await exported();
    const { lines: rest } = await exported('--after', lines.at(-11).cursor);
    expect(rest).toEqual(lines.slice(-10));
    expect((await exported('--after', lines.at(-1).cursor)).lines).toEqual([]);
  });

  test('prints only the events of the given period', async () => {
    const { lines } = await exported();
    expect((await exported('--from', '2025-01-01T00:00:00Z')).lines).toEqual(lines);
    expect((await exported('--until', '2025-01-01T00:00:00Z')).lines).toEqual([]);
  });

  test.each([
    ['nobody@example.com', ['--email', 'nobody@example.com'], /rejected the token/],
    ['a text that is not a time', ['--from', 'yesterday'], /from must be an ISO 8601 time.*yesterday/],
    ['a text that is not a cursor', ['--after', 'there'], /after must be a cursor.*there/],
  ])('exits with 1 and prints the reason if %s', async (_, options, reason) => {
    const { code, stderr, lines } = await exported(...options);
    expect({ code, lines }).toEqual({ code: 1, lines: [] });
    expect(stderr).toMatch(reason);
  });
});
