import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SimulatedAgentOptions } from '../../tools/simulated-agent.ts';
import { type AgentsWorld, agentsWorld, computerIdOf, sharedAgentsWorld } from './agents-world.ts';

// How a machine becomes a computer: by landscape-config, which exchanges messages once, and by the client's broker
// itself.

const MACHINE = '00000000-0000-5000-8000-000000000001';
export function registrations() {
  let world: AgentsWorld;
  beforeAll(async () => {
    world = await sharedAgentsWorld();
  });
  afterAll(() => expect(world?.app.faults()).toEqual([]));

  const FIELDS = 'databaseId title hostname tags status accessGroup { name }';
  const computer = async (id: number) =>
    (await world.ask(`query ($id: ID!) { computer(id: $id) { ${FIELDS} } }`, { id: String(id) })).computer;
  const computers = async (title: string) =>
    await world.ask(
      `query ($title: String!) { pending: computers(filter: { status: PENDING, search: $title }) { nodes { ${FIELDS} } }
        accepted: computers(filter: { status: ACCEPTED, search: $title }) { nodes { ${FIELDS} } } }`,
      { title },
    );
  const eventsAbout = async (id: number) =>
    (
      await world.ask('{ events(first: 1000) { nodes { action entityId changes { field to } } } }')
    ).events.nodes.filter((event: { entityId: string | number }) => String(event.entityId) === String(id));

  async function configured(options: Partial<SimulatedAgentOptions> = {}, machineId?: string) {
    const agent = world.agent(options);
    expect(await agent.configure(machineId)).toBe(true);
    return agent;
  }

  describe('landscape-config', () => {
    test('creates a pending computer with the requested data', async () => {
      await world.mutate('createAccessGroup', { title: 'Desktops' });
      const agent = await configured({
        title: 'a desktop',
        hostname: 'desk.example.com',
        tags: 'web, laptop-1,,not a tag ,web',
        accessGroup: 'desktops',
      });
      expect(await computer(computerIdOf(agent))).toEqual({
        databaseId: computerIdOf(agent),
        title: 'a desktop',
        hostname: 'desk.example.com',
        tags: ['web', 'laptop-1'],
        status: 'PENDING',
        accessGroup: { name: 'desktops' },
      });
    });

    test.each([
      ['an unknown account', { accountName: 'unknown' }],
      ['an account with an impossible name', { accountName: 'a\0b' }],
      ['a wrong key', { registrationKey: 'wrong' }],
      ['no key', { registrationKey: '' }],
    ])('is refused with unknown-account for %s', async (_what, options) => {
      const agent = world.agent(options);
      expect(await agent.configure()).toBe(false);
      expect([agent.refusal, agent.secureId]).toEqual(['unknown-account', undefined]);
    });

    test('is refused even with the right key after many wrong ones, like people after wrong passwords', async () => {
      const other = await agentsWorld();
      try {
        const guess = (registrationKey?: string) => {
          const agent = other.agent(registrationKey === undefined ? {} : { registrationKey });
          return agent.configure();
        };
        for (let n = 0; n <= 50; n += 1) await guess(`wrong ${n}`);
        expect(await guess()).toBe(false);
      } finally {
        await other.close();
      }
    });

    test.each([
      ['my host!', 'my-host'],
      ['', 'unknown'],
      ['...', 'unknown'],
      [`${'a'.repeat(300)}`, 'a'.repeat(255)],
      ['ünï-1.', 'n--1'],
    ])(
      'with the hostname %j creates a computer called %j, because the client cannot receive an error',
      async (name, mended) => {
        const agent = await configured({ hostname: name, title: 'mended' });
        expect(await computer(computerIdOf(agent))).toMatchObject({ hostname: mended, title: 'mended' });
      },
    );

    test('with an invalid title creates a computer with its hostname as title', async () => {
      const agent = await configured({ title: 'two\nlines', hostname: 'host-7' });
      expect(await computer(computerIdOf(agent))).toMatchObject({ title: 'host-7', hostname: 'host-7' });
    });

    test('retries after a lost answer, and replaces its own pending computer', async () => {
      const title = 'tries again';
      const [first, second] = [await configured({ title }, MACHINE), await configured({ title }, MACHINE)];
      expect((await computers(title)).pending.nodes).toEqual([
        expect.objectContaining({ databaseId: computerIdOf(second) }),
      ]);
      await second.exchange();
      expect(second.accepts).toEqual([]);
      expect(
        (await eventsAbout(computerIdOf(first))).map(({ action }: { action: string }) => action),
      ).toEqual(expect.arrayContaining(['COMPUTER_ENROLLED', 'COMPUTER_REPLACED']));
    });

    test('creates one computer if it runs fourteen times concurrently', async () => {
      const title = 'fourteen';
      const machine = MACHINE.replace('1', '2');
      await Promise.all(Array.from({ length: 14 }, () => configured({ title }, machine)));
      expect((await computers(title)).pending.nodes).toHaveLength(1);
    });

    test('on another machine, or with another title, creates another computer', async () => {
      await configured({ title: 'alike' }, MACHINE.replace('1', '3'));
      await configured({ title: 'alike' }, MACHINE.replace('1', '4'));
      await configured({ title: 'alike too' }, MACHINE.replace('1', '3'));
      await configured({ title: 'alike' });
      expect((await computers('alike')).pending.nodes).toHaveLength(4);
    });
  });

  describe('with auto-registration', () => {
    beforeAll(() => world.mutate('updatePreferences', { autoRegisterNewComputers: true }));
    afterAll(() => world.mutate('updatePreferences', { autoRegisterNewComputers: false }));

    test('a computer with the right key is accepted immediately', async () => {
      const agent = await configured({ tags: 'at-once' });
      expect(await computer(computerIdOf(agent))).toMatchObject({ status: 'ACCEPTED', tags: ['at-once'] });
      await agent.exchange();
      expect(agent.accepts).toContain('operation-result');
    });

    test('a machine whose computer is accepted waits for a person, who sees the older computer', async () => {
      const machine = MACHINE.replace('1', '5');
      const older = await configured({ title: 'reinstalled' }, machine);
      const newer = await configured({ title: 'reinstalled' }, machine);
      expect(await computer(computerIdOf(older))).toMatchObject({ status: 'ACCEPTED' });
      expect(await computer(computerIdOf(newer))).toMatchObject({ status: 'PENDING' });
      expect(await eventsAbout(computerIdOf(newer))).toMatchObject([
        {
          action: 'COMPUTER_ENROLLED',
          changes: [{ field: 'possibleDuplicateOf', to: String(computerIdOf(older)) }],
        },
      ]);
    });

    test('an event profile runs on a computer that registers, in its first exchanges', async () => {
      const script = await world.mutate(
        'createScript',
        { title: 'welcome', code: 'true', interpreter: '/bin/sh' },
        'script { databaseId }',
      );
      await world.mutate('createScriptProfile', {
        title: 'welcome',
        scriptId: script.script.databaseId,
        username: 'root',
        timeLimit: 60,
        tags: ['welcome'],
        trigger: { event: { eventType: 'POST_ENROLLMENT' } },
      });
      const agent = await configured({ tags: 'welcome' });
      await agent.exchange();
      await agent.exchange();
      expect([...agent.started.values()]).toEqual([1]);
    });
  });

  test('the broker is asked to register, registers within its sequences, and continues with its new id', async () => {
    const agent = world.agent({ title: 'by the broker' });
    await agent.exchange();
    expect([agent.accepts, agent.waiting.length]).toEqual([['register'], 1]);
    await agent.exchange();
    expect([agent.secureId, agent.waiting.length]).toEqual([expect.stringMatching(/^computer_/), 0]);
    await agent.exchange();
    expect(agent.accepts).toEqual([]);
    await world.accept(agent);
    await agent.exchange();
    expect(agent.accepts).toContain('operation-result');
  });

  test.each([['registering'], ['computer_'], ['computer_1_wrong'], ['computer_999999999999999_x']])(
    'the secure id %j is unknown, so its client registers',
    async (secureId) => {
      const agent = world.agent();
      agent.secureId = secureId;
      await agent.exchange();
      expect([agent.secureId, agent.waiting.length]).toEqual([undefined, 1]);
    },
  );

  test('a computer that enrolled through the graph may exchange messages with its token', async () => {
    const enrolled = await world.mutate(
      'enrolComputer',
      { hostname: 'by-graph' },
      'token computer { databaseId }',
    );
    await world.mutate('acceptComputers', { ids: [enrolled.computer.databaseId] });
    const agent = world.agent();
    agent.secureId = enrolled.token;
    await agent.exchange();
    const run = await world.run({}, [enrolled.computer.databaseId]);
    await agent.exchange();
    await agent.exchange();
    expect(await world.executions(run)).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('with MESSAGE_SYSTEM=off these paths do not exist', async () => {
    const off = await agentsWorld({ environment: { MESSAGE_SYSTEM: 'off' } });
    try {
      for (const path of ['/message-system', '/ping']) {
        const answer = await fetch(off.app.url + path, { method: 'POST', body: 'd;' });
        expect(answer.status).toBe(404);
      }
      expect((await fetch(`${off.app.url}/attachment/1`)).status).toBe(404);
    } finally {
      await off.close();
    }
  });
}
