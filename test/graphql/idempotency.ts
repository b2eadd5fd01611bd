import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addMinutes, type Instant } from '../../src/domain/time.ts';
import { saveAdministrator } from '../../src/repositories/accounts/accounts.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { resetDatabase } from '../support/database.ts';
import { anAccount, insert, type TestAccount } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { mutate, refusal } from './mutate.ts';

// Sequential retries. Concurrent ones are in test/services/idempotency.ts.
export function idempotency(): void {
  let app: TestApp;
  let account: TestAccount;
  let now: Instant;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'none', now: () => now });
  });

  beforeEach(async () => {
    now = NOW;
    await resetDatabase(app.database);
    const { prisma } = app.database;
    account = await anAccount(prisma);
    await saveAdministrator(prisma, {
      accountId: account.id,
      email: 'joe@example.com',
      name: 'Joe',
      passwordHash: null,
      now,
    });
    await insert(prisma, 'script', account, [{ id: 1000 }]);
    await insert(prisma, 'script_profile', account, [{ id: 1000 }, { id: 1001 }]);
    await insert(prisma, 'computer', account, [{ id: 1000 }, { id: 1001 }]);
  });

  interface Making {
    readonly mutation: string;
    /** The same input, and one with a small difference. */
    readonly input: object;
    readonly other: object;
    /** Input for another person, or for the same person a day later. */
    readonly beside: object;
    readonly refused: object;
    readonly selection: string;
  }

  const script = { title: 'A', interpreter: '/bin/sh', code: 'true' };
  const profile = {
    title: 'A',
    scriptId: 1000,
    username: 'root',
    timeLimit: 60,
    trigger: { event: { eventType: 'POST_ENROLLMENT' } },
  };
  // Has its own trigger, because the time of the copied one has passed.
  const copy = { id: 1000, trigger: profile.trigger };
  const makings: Making[] = [
    {
      mutation: 'runScriptProfile',
      input: { id: 1000 },
      other: { id: 1001 },
      beside: { id: 1000 },
      refused: { id: 77 },
      selection: 'made: activity { databaseId }',
    },
    {
      mutation: 'runScript',
      input: { scriptId: 1000, query: 'tag:a', username: 'root' },
      other: { scriptId: 1000, query: 'tag:b', username: 'root' },
      beside: { scriptId: 1000, query: 'tag:a', username: 'root' },
      refused: { scriptId: 1000, query: 'tag:a', username: 'root', timeLimit: 0 },
      selection: 'made: activity { databaseId }',
    },
    {
      mutation: 'createScriptProfile',
      input: profile,
      other: { ...profile, tags: ['a'] },
      beside: { ...profile, title: 'B' },
      refused: { ...profile, timeLimit: 0 },
      selection: 'made: scriptProfile { databaseId }',
    },
    {
      mutation: 'duplicateScriptProfile',
      input: { ...copy, title: 'C' },
      other: { ...copy, id: 1001, title: 'C' },
      beside: { ...copy, title: 'D' },
      refused: { ...copy, title: '' },
      selection: 'made: scriptProfile { databaseId }',
    },
    {
      mutation: 'createScript',
      input: script,
      other: { ...script, code: 'false' },
      beside: { ...script, title: 'B' },
      refused: { ...script, code: '' },
      selection: 'made: script { databaseId }',
    },
    {
      mutation: 'createAccessGroup',
      input: { title: 'A' },
      other: { title: 'a' },
      beside: { title: 'B' },
      refused: { title: 'C', parent: 'nowhere' },
      selection: 'made: accessGroup { databaseId }',
    },
    {
      mutation: 'createPerson',
      input: { name: 'A', email: 'a@example.com' },
      other: { name: 'B', email: 'a@example.com' },
      beside: { name: 'A', email: 'b@example.com' },
      refused: { name: '', email: 'a@example.com' },
      selection: 'made: person { databaseId }',
    },
    {
      mutation: 'createSavedSearch',
      input: { title: 'A', search: 'tag:a' },
      other: { title: 'A', search: 'tag:b' },
      beside: { title: 'B', search: 'tag:a' },
      refused: { title: 'C', search: 'tag:' },
      selection: 'made: savedSearch { databaseId: id }',
    },
    {
      mutation: 'enrolComputer',
      input: { hostname: 'a', tags: ['web'] },
      other: { hostname: 'a' },
      beside: { hostname: 'a', tags: ['web'] },
      refused: { hostname: '' },
      selection: 'made: computer { databaseId }',
    },
  ];
  const KEY = { idempotencyKey: 'k' };
  const make = async ({ mutation, selection }: Making, input: object, token?: string): Promise<number> => {
    const { made, userErrors } = await mutate(app, mutation, input, selection, token);
    expect(userErrors).toEqual([]);
    return made.databaseId;
  };

  describe.each(makings)('$mutation with a key', (making) => {
    const { mutation, input, other, beside, refused } = making;

    test('creates one object, however often it is retried within 24 hours', async () => {
      const first = await make(making, { ...input, ...KEY });
      expect(await make(making, { ...input, ...KEY })).toBe(first);
      now = addMinutes(NOW, 1439);
      expect(await make(making, { ...input, ...KEY })).toBe(first);
      expect(await make(making, { ...beside, idempotencyKey: 'K' })).not.toBe(first);
    });

    test('is refused with another input, and a retry with the first input still finds the object', async () => {
      const first = await make(making, { ...input, ...KEY });
      expect(await refusal(app, mutation, { ...other, ...KEY })).toBe(
        'IDEMPOTENCY_KEY_REUSED idempotencyKey',
      );
      expect(await make(making, { ...input, ...KEY })).toBe(first);
    });

    test('is independent of another person’s equal key', async () => {
      const first = await make(making, { ...input, ...KEY });
      const joe = app.token('joe@example.com', 'acme');
      const second = await make(making, { ...beside, ...KEY }, joe);
      expect(second).not.toBe(first);
      expect(await make(making, { ...beside, ...KEY }, joe)).toBe(second);
    });

    test('that was refused leaves the key unused', async () => {
      await refusal(app, mutation, { ...refused, ...KEY });
      expect(await make(making, { ...input, ...KEY })).toBeTruthy();
    });

    test('accepts the key for a new object after 24 hours, swept or not', async () => {
      const first = await make(making, { ...input, ...KEY });
      now = addMinutes(NOW, 1440);
      const second = await make(making, { ...beside, ...KEY });
      expect(second).not.toBe(first);
      expect(await make(making, { ...beside, ...KEY })).toBe(second);
      now = addMinutes(NOW, 2880);
      const services = createServices(createStore(app.database.prisma, async () => now));
      expect(await services.retention.sweep(0)).toBe(1);
      expect(await app.database.prisma.idempotencyKey.count()).toBe(0);
    });

    test.each([
      ['empty', ''],
      ['not ASCII', 'ü'],
      ['too long', 'x'.repeat(256)],
    ])('is refused if the key is %s', async (_, idempotencyKey) => {
      expect(await refusal(app, mutation, { ...input, idempotencyKey })).toBe('INVALID_INPUT idempotencyKey');
    });
  });

  test('a key applies only to its own mutation', async () => {
    for (const making of makings) await make(making, { ...making.input, ...KEY });
    expect(await app.database.prisma.idempotencyKey.count()).toBe(makings.length);
  });

  test.each(['createScriptProfile', 'createScript', 'createAccessGroup', 'enrolComputer'])(
    '%s without a key stores none',
    async (mutation) => {
      const making = makings.find((one) => one.mutation === mutation)!;
      await make(making, making.input);
      await make(making, { ...making.beside, idempotencyKey: null });
      expect(await app.database.prisma.idempotencyKey.count()).toBe(0);
    },
  );

  test('equal keys of two people lead to two separate runs', async () => {
    const run = makings[0]!;
    await make(run, { ...run.input, ...KEY });
    await make(run, { ...run.input, ...KEY }, app.token('joe@example.com', 'acme'));
    const runs = await app.database.prisma.run.findMany({ orderBy: { id: 'asc' } });
    const occasions = runs.map(({ occasion }) => occasion);
    expect(occasions).toEqual([
      `hand:${account.caller.personId}:k:${NOW}`,
      `hand:${account.caller.personId + 1}:k:${NOW}`,
    ]);
  });

  describe('a computer that enrols again with its key, because the answer was lost,', () => {
    const input = { hostname: 'a', ...KEY };
    const token = async (): Promise<string> => (await mutate(app, 'enrolComputer', input, 'token')).token;
    const take = async (as: string) => {
      const { status } = await app.graphql(
        'mutation { takeExecutions(input: {}) { executions { id } } }',
        {},
        as,
      );
      return status;
    };

    test('gets the lost token, and with another key another token', async () => {
      const lost = await token();
      expect(await token()).toBe(lost);
      expect(await take(lost)).toBe(200);
      const other = { hostname: 'a', idempotencyKey: 'another' };
      const { token: another } = await mutate(app, 'enrolComputer', other, 'token');
      expect(another).not.toBe(lost);
      expect(await take(another)).toBe(200);
    });

    test('has neither its key nor its token stored in readable form', async () => {
      const lost = await token();
      const rows = await app.database.prisma.idempotencyKey.findMany();
      const computers = await app.database.prisma.computer.findMany({ where: { hostname: 'a' } });
      const stored = [...rows, ...computers].flatMap((row) => Object.values(row).map(String));
      expect(stored).not.toContain(lost);
      expect(stored.filter((value) => lost.includes(value) && value.length > 10)).toEqual([]);
      expect(rows.flatMap((row) => Object.values(row))).not.toContain('k');
    });

    test('is refused if it was rejected in the meantime', async () => {
      const { computer } = await mutate(app, 'enrolComputer', input, 'computer { databaseId }');
      await mutate(app, 'rejectComputers', { ids: [computer.databaseId] });
      expect(await refusal(app, 'enrolComputer', input)).toBe('NOT_FOUND idempotencyKey');
    });

    test('with the registration key is separate from every person’s keys', async () => {
      await mutate(app, 'updatePreferences', {
        registrationKey: 'open sesame',
        autoRegisterNewComputers: true,
      });
      const query = `mutation ($input: EnrolComputerInput!) { enrolComputer(input: $input) {
      computer { databaseId status } userErrors { code } } }`;
      const enrol = async () => {
        const answer = await fetch(`${app.url}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Basic ${Buffer.from('acme:open sesame').toString('base64')}`,
          },
          body: JSON.stringify({ query, variables: { input } }),
        });
        return ((await answer.json()) as { data: { enrolComputer: object } }).data.enrolComputer;
      };
      const first = await enrol();
      expect(first).toMatchObject({ computer: { status: 'ACCEPTED' }, userErrors: [] });
      expect(await enrol()).toEqual(first);
      const byJane = await mutate(app, 'enrolComputer', input, 'computer { databaseId status }');
      expect(byJane.computer).toMatchObject({ status: 'PENDING' });
    });
  });
}
