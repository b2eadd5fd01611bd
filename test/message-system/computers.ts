import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/time.ts';
import type { SimulatedAgent } from '../../tools/simulated-agent.ts';
import { waitUntil } from '../support/waiting.ts';
import { type AgentsWorld, computerIdOf, sharedAgentsWorld } from './agents-world.ts';

// How the graph and REST show computers with landscape-client, and machines that register twice.
export function agentComputers() {
  let world: AgentsWorld;
  beforeAll(async () => {
    world = await sharedAgentsWorld();
  });
  afterAll(() => expect(world?.app.faults()).toEqual([]));

  const FIELDS =
    'lastSeenAt isOnline agentVersion totalMemory totalSwap distribution { distributor description release codeName }';
  const computer = async (id: number, fields = FIELDS) =>
    (await world.ask(`query ($id: ID!) { computer(id: $id) { ${fields} } }`, { id: String(id) })).computer;

  describe('a computer', () => {
    let agent: SimulatedAgent;
    beforeAll(async () => {
      agent = await world.acceptedAgent();
      agent.say({
        type: 'computer-info',
        hostname: 'vm',
        'total-memory': 3900,
        'total-swap': 0,
        annotations: {},
      });
      agent.say({
        type: 'distribution-info',
        'distributor-id': 'Ubuntu',
        description: 'Ubuntu 24.04.1 LTS',
        release: '24.04',
        'code-name': 'noble',
      });
      agent.say({ type: 'computer-tags', tags: 'other' });
      await agent.exchange();
    });

    test('shows the data that its client reported, and the time of the report', async () => {
      expect(await computer(computerIdOf(agent))).toEqual({
        lastSeenAt: '2025-04-10T12:00:30.250000Z',
        isOnline: true,
        agentVersion: '26.08-simulated',
        totalMemory: 3900,
        totalSwap: 0,
        distribution: {
          distributor: 'Ubuntu',
          description: 'Ubuntu 24.04.1 LTS',
          release: '24.04',
          codeName: 'noble',
        },
      });
    });

    test('keeps the data that its client reported earlier and no longer reports', async () => {
      agent.say({ type: 'computer-info', 'total-memory': 4000 });
      await agent.exchange();
      expect(await computer(computerIdOf(agent), 'totalMemory totalSwap distribution { release }')).toEqual({
        totalMemory: 4000,
        totalSwap: 0,
        distribution: { release: '24.04' },
      });
    });

    test('shows the same over REST, with the keys of the legacy API', async () => {
      const { body } = await world.app.rest('GET', `/computers/${computerIdOf(agent)}`);
      expect(body).toMatchObject({
        total_memory: 4000,
        total_swap: 0,
        last_exchange_time: '2025-04-10T12:00:30Z',
        distribution: '24.04',
        distribution_info: {
          distributor: 'Ubuntu',
          description: 'Ubuntu 24.04.1 LTS',
          release: '24.04',
          code_name: 'noble',
        },
      });
    });

    test('shows over REST when its client last pinged', async () => {
      const pinged = async () =>
        (await world.app.rest('GET', `/computers/${computerIdOf(agent)}`)).body.last_ping_time;
      expect(await pinged()).toBeNull();
      await agent.ping();
      expect(await waitUntil('the ping is stored', pinged)).toBe('2025-04-10T12:00:30Z');
    });

    test('keeps the tags that people gave it, whatever the configuration of its client is', async () => {
      expect(await computer(computerIdOf(agent), 'tags')).toEqual({ tags: [] });
    });

    test('without a client shows no data', async () => {
      const { computer: enrolled } = await world.mutate(
        'enrolComputer',
        { hostname: 'bare' },
        'computer { databaseId }',
      );
      expect(await computer(enrolled.databaseId)).toEqual({
        lastSeenAt: null,
        isOnline: false,
        agentVersion: null,
        totalMemory: null,
        totalSwap: null,
        distribution: null,
      });
    });

    test('is online for 30 minutes after an exchange, and can be filtered by that', async () => {
      const id = computerIdOf(agent);
      const isOnline = async () => (await computer(id, 'isOnline')).isOnline;
      const listed = async (online: boolean) => {
        const { computers } = await world.ask(
          'query ($online: Boolean!) { computers(filter: { isOnline: $online, status: ACCEPTED }) { totalCount nodes { databaseId } } }',
          { online },
        );
        expect(computers.totalCount).toBe(computers.nodes.length);
        return computers.nodes.some(({ databaseId }: { databaseId: number }) => databaseId === id);
      };
      await agent.exchange();
      world.time.now = addMinutes(world.time.now, 29);
      expect([await isOnline(), await listed(true), await listed(false)]).toEqual([true, true, false]);
      world.time.now = addMinutes(world.time.now, 1);
      expect([await isOnline(), await listed(true), await listed(false)]).toEqual([false, false, true]);
    });

    test('takes a fixed number of statements for a page, and none if no data of its client is selected', async () => {
      const page = (fields: string, first: number) =>
        world.app.statements(() =>
          world.ask(`{ computers(filter: {}, first: ${first}) { nodes { title ${fields} } } }`),
        );
      await page('', 1);
      const [bare, one, many] = [await page('', 10), await page(FIELDS, 1), await page(FIELDS, 10)];
      expect(one).toBe(many);
      expect(one).toBeGreaterThan(bare);
    });
  });

  describe('a machine that registers again', () => {
    const twice = async (machine: string, between: (older: SimulatedAgent) => Promise<unknown>) => {
      const older = world.agent({ title: machine });
      await older.configure(machine);
      await older.exchange();
      await world.accept(older);
      await older.exchange();
      await between(older);
      const newer = world.agent({ title: machine });
      await newer.configure(machine);
      return { older, newer, ids: [computerIdOf(older), computerIdOf(newer)] as const };
    };
    const duplicateOf = async (id: number) =>
      (await computer(id, 'possibleDuplicateOf { databaseId }')).possibleDuplicateOf?.databaseId ?? null;

    test('is shown with the older computer until it is accepted', async () => {
      const { ids } = await twice('machine-1', async () => {});
      expect([await duplicateOf(ids[0]), await duplicateOf(ids[1])]).toEqual([null, ids[0]]);
      await world.mutate('acceptComputers', { ids: [ids[1]] });
      expect(await duplicateOf(ids[1])).toBeNull();
    });

    test('replaces the older one if requested, and takes over its history', async () => {
      let reported = 0;
      let open = 0;
      const { newer, ids } = await twice('machine-2', async (older) => {
        reported = await world.run({}, [computerIdOf(older)]);
        await older.exchange();
        await older.exchange();
        open = await world.run({}, [computerIdOf(older)]);
      });
      await world.mutate('acceptComputers', { ids: [ids[1]], replace: [ids[0]] });
      const { data, errors } = await world.app.graphql('query ($id: ID!) { computer(id: $id) { id } }', {
        id: String(ids[0]),
      });
      expect([data.computer, errors?.[0].extensions.code]).toEqual([null, 'NOT_FOUND']);
      expect(await world.executions(reported)).toMatchObject([{ computerId: ids[1], status: 'SUCCEEDED' }]);
      expect(await world.executions(open)).toMatchObject([
        {
          computerId: ids[1],
          status: 'FAILED',
          resultText: 'The computer was removed before it reported.',
        },
      ]);
      await newer.exchange();
      expect(newer.accepts).toContain('operation-result');
    });

    test('does not replace a computer of another or an unknown machine', async () => {
      const { ids } = await twice('machine-3', async () => {});
      const another = world.agent();
      await another.configure('machine-4');
      const unknown = await world.acceptedAgent();
      for (const other of [another, unknown]) {
        const input = { ids: [ids[1]], replace: [computerIdOf(other)] };
        const { data } = await world.app.graphql(
          'mutation ($input: AcceptComputersInput!) { acceptComputers(input: $input) { userErrors { code field } } }',
          { input },
        );
        expect(data.acceptComputers.userErrors).toEqual([{ code: 'INVALID_INPUT', field: 'replace' }]);
      }
    });

    test('shows nothing of an older computer that the caller may not see', async () => {
      await world.mutate('createAccessGroup', { title: 'Hidden' });
      await world.mutate('createAccessGroup', { title: 'Seen' });
      const { ids } = await twice('machine-5', (older) =>
        world.mutate('regroupComputers', { ids: [computerIdOf(older)], accessGroup: 'hidden' }),
      );
      await world.mutate('regroupComputers', { ids: [ids[1]], accessGroup: 'seen' });
      await world.app.database.prisma.person.create({
        data: {
          accountId: (await world.app.database.prisma.account.findFirstOrThrow()).id,
          email: 'seer@example.com',
          name: 'Seer',
          createdAt: new Date(0),
        },
      });
      await world.mutate('createRole', {
        name: 'seer',
        permissions: ['VIEW_COMPUTER'],
        accessGroups: ['seen'],
        persons: ['seer@example.com'],
      });
      const { data, errors } = await world.app.graphql(
        'query ($id: ID!) { computer(id: $id) { possibleDuplicateOf { id } } }',
        { id: String(ids[1]) },
        world.app.token('seer@example.com'),
      );
      expect([errors, data]).toEqual([undefined, { computer: { possibleDuplicateOf: null } }]);
    });
  });
}
