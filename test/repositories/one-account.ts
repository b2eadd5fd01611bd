import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { createStore } from '../../src/repositories/store.ts';
import { createServices } from '../../src/services/index.ts';
import { SimulatedAgent } from '../../tools/simulated-agent.ts';
import { outcomeOf } from '../graphql/access-world.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { followed, operations, written } from '../support/every-operation.ts';
import { callRoute, everyRoute } from '../support/every-route.ts';
import { follow } from '../support/following.ts';
import { type Furnished, furnish, logInAndOut, workAsComputer } from '../support/furnished.ts';
import type { Visit, WatchedDatabase } from '../support/visited-partitions.ts';

/** How the tables are spread by account, and how the visits of a statement are seen. */
export interface Spreading {
  /** Number of parts. On Citus, a part is a group of shards. */
  readonly parts: number;
  /** Spreads the tables of a fresh database. */
  spread(url: string): Promise<void>;
  watch(url: string): Promise<WatchedDatabase>;
  /** Whether a visit shows that the work read the account's rows. */
  isBound(visit: Visit): boolean;
  /** The part with an account's rows. */
  partOf(url: string, accountId: number): Promise<number>;
}

// Two accounts are in different parts. A statement without an account visits all parts.

export function oneAccount(spreading: Spreading): void {
  let fresh: Database;
  let database: WatchedDatabase;
  let app: TestApp;
  interface Side extends Furnished {
    readonly partition: number;
  }
  const sides: Side[] = [];

  beforeAll(async () => {
    fresh = await freshDatabase();
    await spreading.spread(urlOf(fresh));
    database = await spreading.watch(urlOf(fresh));
    app = await startApp({ seed: 'none', now: NOW, database });
    for (let n = 1; sides.length < 2; n += 1) {
      const furnished = await furnish(app, `account-${n}`);
      const partition = await spreading.partOf(urlOf(fresh), furnished.world.account.id);
      if (sides[0]?.partition !== partition) sides.push({ ...furnished, partition });
    }
  }, 240_000);
  afterAll(async () => {
    await app?.close();
    await fresh.close();
  });

  const strays = (visits: readonly Visit[], partition: number) =>
    visits.filter(({ partitions }) => partitions.some((each) => each !== partition));

  test('a statement without an account visits several partitions, so the test detects it', async () => {
    const { prisma } = database;
    const visits = await database.during(async () => {
      await prisma.$queryRawUnsafe('select count(*) from activity');
      await prisma.$queryRawUnsafe(
        'select count(*) from activity where account_id = $1::bigint',
        sides[0]!.world.account.id,
      );
    });
    expect(visits.map(({ partitions }) => partitions.length)).toEqual([spreading.parts, 1]);
    expect(strays(visits, sides[0]!.partition)).toHaveLength(1);
  });

  describe.each([0, 1])('no statement leaves account %i for', (n) => {
    const side = () => sides[n]!;
    /** Only visits of tables with accounts count, so that the test does not pass without any. */
    const bound = (visits: readonly Visit[]) => {
      expect(strays(visits, side().partition)).toEqual([]);
      return visits.filter(spreading.isBound).length;
    };

    test.each(Object.keys(followed))('Subscription.%s', async (name) => {
      const visits = await database.during(async () => {
        const document = written(`subscription { ${followed[name]} }`, side().names);
        const following = follow(app, 'server-sent events', document, {}, side().world.admin);
        await following.next();
        await following.stop();
      });
      expect(bound(visits)).toBeGreaterThan(0);
    });

    /** Deletions and routes for tokens and passwords are tested only over the graph. */
    const restFirst = everyRoute.filter(
      ({ method, path, access }) =>
        access === undefined &&
        method !== 'DELETE' &&
        !/:archive$|:redact$|^\/(tokens|switch-account|password)/.test(path),
    );
    test.each(restFirst.map((route) => ({ ...route, route })))('$method $path', async ({ route }) => {
      const visits = await database.during(async () => {
        expect((await callRoute(app, route, side())).status).toBeLessThan(300);
      });
      expect(bound(visits)).toBeGreaterThan(0);
    });

    test.each(operations)('%s', async (_name, document) => {
      const visits = await database.during(async () => {
        const answer = await app.graphql(written(document, side().names), {}, side().world.admin);
        expect([answer.errors, outcomeOf(answer)]).toEqual([undefined, 'done']);
      });
      bound(visits);
    });

    test('a computer that enrols with the registration key, and takes and reports its executions', async () => {
      const visits = await database.during(() => workAsComputer(app, side()));
      expect(bound(visits)).toBeGreaterThan(10);
    });

    test('an agent that registers, exchanges messages, pings and runs a script', async () => {
      const { world, names } = side();
      const agent = new SimulatedAgent({
        accountName: world.account.name,
        registrationKey: 'open sesame',
        title: 'agent',
        tags: 'nine',
        send: async ({ path, headers, body }) => {
          const answer = await fetch(app.url + path, { method: 'POST', headers, body: Buffer.from(body) });
          return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
        },
      });
      const act = (name: string, input: string) =>
        app.graphql(
          `mutation { done: ${name}(input: { ${written(input, names)} }) { userErrors { message } } }`,
          {},
          world.admin,
        );
      await act('updatePreferences', 'registrationKey: "open sesame", autoRegisterNewComputers: true');
      const machine = '00000000-0000-5000-8000-000000000000';
      const visits = await database.during(async () => {
        await agent.configure(machine);
        await agent.exchange();
        // The profile that the previous test created for its computer.
        const { data: found } = await app.graphql(
          '{ scriptProfiles(filter: { titles: ["nine"] }) { nodes { id } } }',
          {},
          world.admin,
        );
        await act('runScriptProfile', `id: "${found.scriptProfiles.nodes[0].id}", idempotencyKey: "agent"`);
        await agent.ping();
        await agent.exchange();
        await agent.exchange();
        expect(agent.started.size).toBe(1);
        await agent.configure(machine);
        await agent.exchange();
        const { data } = await app.graphql(
          '{ computers(filter: { isOnline: true }) { nodes { id lastSeenAt possibleDuplicateOf { id } } } pending: computers(filter: { status: PENDING, search: "agent" }) { nodes { id possibleDuplicateOf { id } } } }',
          {},
          world.admin,
        );
        const [{ id, possibleDuplicateOf }] = data.pending.nodes;
        await act('acceptComputers', `ids: ["${id}"], replace: ["${possibleDuplicateOf.id}"]`);
        await act('removeComputer', `id: "${id}"`);
        await agent.exchange();
      });
      expect(bound(visits)).toBeGreaterThan(20);
    });

    test('a person who logs in by password and by key, and whose tokens are revoked', async () => {
      const visits = await database.during(() => logInAndOut(app, side()));
      expect(bound(visits)).toBeGreaterThan(5);
    });
  });

  test('the scheduler reads across accounts only the due work and the time of the next', async () => {
    let now = '2025-06-01T00:00:00.000000Z';
    const services = createServices(createStore(database.prisma, async () => now));
    const across: string[] = [];
    const alone: Visit[] = [];
    const asks = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      let answer: T | undefined;
      const visits = await database.during(async () => {
        answer = await work();
      });
      if (visits.some(({ partitions }) => partitions.length > 1)) across.push(what);
      return answer!;
    };
    const acts = async (work: () => Promise<unknown>) => alone.push(...(await database.during(work)));

    const due = await asks('profiles due', () => services.runs.due(100, []));
    expect(new Set(due.map(({ accountId }) => accountId))).toEqual(
      new Set(sides.map(({ world }) => world.account.id)),
    );
    for (const each of due) await acts(() => services.runs.fireDue(each));
    await asks('next profile', () => services.runs.untilNextDue([]));
    for (const { world } of sides) {
      const computer = await database.prisma.computer.findFirst({
        where: { accountId: world.account.id, hostname: 'web-9' },
      });
      const computerId = Number(computer!.id);
      await acts(() => services.executions.take({ accountId: world.account.id, computerId }, 10));
    }
    now = '2025-07-01T00:00:00.000000Z';
    const overdue = await asks('executions overdue', () => services.executions.overdue(100, []));
    expect(overdue.length).toBeGreaterThan(0);
    for (const each of overdue) await acts(() => services.executions.failOverdue(each));
    await asks('next overdue', () => services.executions.untilNextOverdue([]));
    // As if the computers had not taken them.
    const { activity } = database.prisma;
    const failed = { status: 'failed', completionTime: now };
    await activity.updateMany({
      where: { parentId: { not: null }, ...failed },
      data: { status: 'undelivered' },
    });
    await activity.updateMany({
      where: { parentId: null, ...failed },
      data: { status: 'undelivered', numUndelivered: 1, numFailed: 0, deliverBy: '2025-06-01T00:00:00Z' },
    });
    const late = await asks('late deliveries', () => services.executions.lateDeliveries(100, []));
    expect(late.length).toBeGreaterThan(0);
    for (const each of late) await acts(() => services.executions.cancelLateDeliveries(each));
    await asks('next late delivery', () => services.executions.untilNextLateDelivery([]));
    now = '2026-07-01T00:00:00.000000Z';
    await acts(() => services.retention.sweep(30));
    await acts(() => services.retention.sweepEvents(30));

    expect(across).toEqual([
      ...['profiles due', 'next profile', 'executions overdue', 'next overdue'],
      ...['late deliveries', 'next late delivery'],
    ]);
    expect(alone.filter(({ partitions }) => partitions.length > 1)).toEqual([]);
    expect(new Set(alone.flatMap(({ partitions }) => partitions))).toEqual(
      new Set(sides.map(({ partition }) => partition)),
    );
  });
}
