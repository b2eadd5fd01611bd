import { describe, expect, test } from '@jest/globals';
import { firstRows } from '../../src/domain/page.ts';
import { type Replicas, ReplicaWorld } from '../support/replicas.ts';
import { aRun, insert } from '../support/rows.ts';
import { atOnce, tally, times } from './at-once.ts';

export function neighboursConcurrency(): void {
  const world = new ReplicaWorld(async ({ database, account }) => {
    await insert(database.prisma, 'script', account, [{ id: 1000 }]);
  });

  const add =
    (filename: string, bytes: number) =>
    ({ scriptAttachments }: Replicas[0]) =>
      scriptAttachments.add(world.account.caller, 1000, {
        filename,
        content: Buffer.alloc(bytes).toString('base64'),
      });
  const sizes = async () => {
    const [script] = await world.replicas[0].scripts.byIds(world.account.caller, [1000]);
    const [attachments] = await world.replicas[0].scriptAttachments.of(world.account.caller, [script!]);
    return attachments!.map(({ size }) => size);
  };

  test('of twenty concurrent attachments, five are kept', async () => {
    const outcomes = await atOnce(
      world.replicas,
      times(20, (index) => add(`file ${index}`, 1)),
    );
    expect(tally(outcomes)).toEqual({ done: 5, INVALID_INPUT: 15 });
    expect(await sizes()).toHaveLength(5);
  });

  test('of four concurrent attachments of 300 KiB, those that fit into 1 MiB are kept', async () => {
    const outcomes = await atOnce(
      world.replicas,
      times(4, (index) => add(`file ${index}`, 300 * 1024)),
    );
    expect(tally(outcomes)).toEqual({ done: 3, INVALID_INPUT: 1 });
    expect(await sizes()).toEqual(times(3, () => 300 * 1024));
  });

  test('an attachment name that is sent many times concurrently is kept once', async () => {
    const outcomes = await atOnce(
      world.replicas,
      times(10, () => add('same', 1)),
    );
    expect(tally(outcomes)).toEqual({ done: 1, INVALID_INPUT: 9 });
  });

  test('runs that many callers cancel concurrently, in any order, are canceled once, without a deadlock', async () => {
    const { prisma } = world.database;
    await insert(prisma, 'script_profile', world.account, [{ id: 1000, scriptId: 1000 }]);
    await insert(prisma, 'computer', world.account, [{ id: 1000 }, { id: 1001 }]);
    const executions = [1000, 1001].map((computerId) => ({ computerId, status: 'undelivered' }));
    const runs = times(8, (index) => 2000 + index * 10);
    for (const id of runs) await insert(prisma, 'activity', world.account, aRun(id, 1000, executions));
    // Whole runs, all their executions, and the executions of one computer. They overlap in every run.
    const queries = [
      runs.map((id) => `id:${id}`).join(' OR '),
      runs.map((id) => `parent-id:${id}`).join(' OR '),
      'computer:id:1001',
      'type:ActivityGroup',
    ];
    const outcomes = await atOnce(
      world.replicas,
      times(
        12,
        (index) =>
          ({ activities }: Replicas[0]) =>
            activities.cancelAll(world.account.caller, queries[index % queries.length]!),
      ),
    );
    for (const outcome of outcomes) expect(['done', 'INVALID_INPUT']).toContain(outcome);
    const { rows } = await world.replicas[0].activities.page(world.account.caller, {
      filter: {},
      order: { field: 'CREATION_TIME', direction: 'ASC' },
      window: firstRows(100),
    });
    expect(rows).toHaveLength(runs.length * 3);
    for (const { status, counts } of rows) {
      expect(status).toBe('canceled');
      if (counts) expect(counts).toMatchObject({ undelivered: 0, delivered: 0, canceled: 2 });
    }
  });

  describe('concurrent changes of people', () => {
    const ORIGIN = { address: '192.0.2.1', requestId: 'request' };
    const person = (name: string, roles: readonly string[] = []) =>
      world.replicas[0].people.create(world.account.caller, { name, email: `${name}@example.com`, roles });

    test('two administrators who remove each other leave one of them', async () => {
      const { person: other } = await person('other', ['GlobalAdmin']);
      const { caller } = world.account;
      const second = (await world.replicas[0].people.caller(caller.accountName, other.email))!;
      const outcomes = await atOnce(world.replicas, [
        ({ people }) => people.remove(caller, other.id),
        ({ people }) => people.remove(second, caller.personId),
      ]);
      expect(tally(outcomes)).toEqual({ done: 1, INVALID_INPUT: 1 });
      expect(await world.database.prisma.rolePerson.count({ where: { role: { isGlobalAdmin: true } } })).toBe(
        1,
      );
    });

    test('one link that is used many times sets one password', async () => {
      const { link } = await person('newcomer');
      const outcomes = await atOnce(
        world.replicas,
        times(
          6,
          (index) =>
            ({ passwords }: Replicas[0]) =>
              passwords.set(link!.token, `password ${index}`, ORIGIN),
        ),
      );
      expect(tally(outcomes)).toEqual({ done: 1, UNAUTHENTICATED: 5 });
      const used = outcomes.indexOf('done');
      const credentials = { email: 'newcomer@example.com', password: `password ${used}` };
      await world.replicas[0].logIns.withPassword(credentials, ORIGIN);
    });

    test('one address that is used many times results in one person', async () => {
      const outcomes = await atOnce(
        world.replicas,
        times(
          6,
          (index) =>
            ({ people }: Replicas[0]) =>
              people.create(world.account.caller, {
                name: 'Same',
                email: index % 2 ? 'SAME@example.com' : 'same@example.com',
              }),
        ),
      );
      expect(tally(outcomes)).toEqual({ done: 1, TITLE_TAKEN: 5 });
    });
  });
}
