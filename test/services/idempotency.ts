import { describe, expect, test } from '@jest/globals';
import type { Instant } from '../../src/domain/time.ts';
import { createStore, databaseClock } from '../../src/repositories/store.ts';
import { ofPerson } from '../../src/services/idempotency.ts';
import { hashOf } from '../../src/services/secrets.ts';
import { aDraft } from '../support/builders.ts';
import { type Replicas, ReplicaWorld } from '../support/replicas.ts';
import { insert } from '../support/rows.ts';
import { waitUntilBlocked } from '../support/waiting.ts';
import { atOnce, tally, times } from './at-once.ts';

export function idempotency(): void {
  // Only on PostgreSQL, because the embedded database runs one attempt after another.

  const world = new ReplicaWorld(async ({ database, account }) => {
    await insert(database.prisma, 'script', account, [{ id: 1000 }]);
    await insert(database.prisma, 'script_profile', account, [{ id: 1000 }, { id: 1001 }]);
    await insert(database.prisma, 'computer', account, [{ id: 1000 }]);
  });

  type Services = Replicas[0];
  type Act = (services: Services, key: string) => Promise<{ id: number }>;
  const script = (code: string) => ({ title: 'A', interpreter: '/bin/sh', code });
  const made: [
    mutation: string,
    table: 'run' | 'scriptProfile' | 'script' | 'accessGroup' | 'computer',
    Act,
    Act,
  ][] = [
    [
      'runScriptProfile',
      'run',
      ({ runs }, idempotencyKey) => runs.runNow(world.account.caller, 1000, { idempotencyKey }),
      ({ runs }, idempotencyKey) => runs.runNow(world.account.caller, 1001, { idempotencyKey }),
    ],
    [
      'createScriptProfile',
      'scriptProfile',
      ({ scriptProfiles }, key) =>
        scriptProfiles.create(world.account.caller, aDraft({ scriptId: 1000 }), key),
      ({ scriptProfiles }, key) =>
        scriptProfiles.create(world.account.caller, aDraft({ scriptId: 1000, tags: [] }), key),
    ],
    [
      'createScript',
      'script',
      ({ scripts }, key) => scripts.create(world.account.caller, script('true'), key),
      ({ scripts }, key) => scripts.create(world.account.caller, script('false'), key),
    ],
    [
      'createAccessGroup',
      'accessGroup',
      ({ accessGroups }, key) => accessGroups.create(world.account.caller, { title: 'A' }, key),
      ({ accessGroups }, key) => accessGroups.create(world.account.caller, { title: 'a' }, key),
    ],
    [
      'enrolComputer',
      'computer',
      async ({ computers }, key) =>
        (await computers.enrol({ kind: 'person', caller: world.account.caller }, { hostname: 'a' }, key))
          .computer,
      async ({ computers }, key) =>
        (await computers.enrol({ kind: 'person', caller: world.account.caller }, { hostname: 'b' }, key))
          .computer,
    ],
  ];
  const rowsOf = (table: (typeof made)[number][1]): Promise<number> =>
    (world.database.prisma[table] as { count(): Promise<number> }).count();

  describe.each(made)('%s', (_mutation, table, act, another) => {
    test('sent twenty times at once with one key creates one object, and all twenty return it', async () => {
      const before = await rowsOf(table);
      const created: number[] = [];
      const outcomes = await atOnce(
        world.replicas,
        times(20, () => async (services) => {
          created.push((await act(services, 'k')).id);
        }),
      );
      expect(tally(outcomes)).toEqual({ done: 20 });
      expect(new Set(created).size).toBe(1);
      expect((await rowsOf(table)) - before).toBe(1);
    });

    test('sent with two inputs at once under one key succeeds for one, and is refused for the other', async () => {
      const before = await rowsOf(table);
      const outcomes = await atOnce(
        world.replicas,
        times(10, (index) => (services) => (index % 2 ? act : another)(services, 'k')),
      );
      expect(tally(outcomes)).toEqual({ done: 5, IDEMPOTENCY_KEY_REUSED: 5 });
      expect((await rowsOf(table)) - before).toBe(1);
    });
  });

  test('a computer that enrols twenty times at once with one key gets one token, which is its own', async () => {
    const tokens: string[] = [];
    await atOnce(
      world.replicas,
      times(20, () => async ({ computers }) => {
        const principal = { kind: 'registrar', accountId: world.account.id } as const;
        tokens.push((await computers.enrol(principal, { hostname: 'a' }, 'k')).token);
      }),
    );
    const [token, ...others] = new Set(tokens);
    expect(others).toEqual([]);
    const enrolled = await world.database.prisma.computer.findFirst({ where: { hostname: 'a' } });
    expect(await world.replicas[0].computers.byToken(token!)).toEqual({
      accountId: world.account.id,
      computerId: Number(enrolled!.id),
    });
  });

  describe('a second attempt during the first waits for it', () => {
    const use = () => ({
      holder: ofPerson(world.account.caller).holder,
      mutation: 'createScript',
      keyHash: hashOf('k'),
    });
    const first = async (end: (now: Instant) => Promise<void>) => {
      const now = await databaseClock(world.database.prisma);
      const store = createStore(world.other.prisma);
      let second!: Promise<{ id: number }>;
      await store
        .transaction(async (tx) => {
          await tx.idempotencyKeys.take(
            world.account.id,
            { ...use(), inputHash: '', seed: '', at: now },
            now,
          );
          second = world.replicas[0].scripts.create(world.account.caller, script('true'), 'k');
          // Prevents an unhandled rejection, because it may be refused before it is awaited.
          second.catch(() => {});
          await waitUntilBlocked(world.database);
          await end(now);
        })
        .catch(() => {});
      return second;
    };

    test('and does the work itself if the first fails', async () => {
      const { id } = await first(() => Promise.reject(new Error('no')));
      expect(await world.replicas[1].scripts.create(world.account.caller, script('true'), 'k')).toMatchObject(
        {
          id,
        },
      );
    });

    test('and is refused if the first had another input', async () => {
      await expect(first(async () => {})).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    });
  });
}
