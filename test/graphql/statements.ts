import { beforeAll, expect, test } from '@jest/globals';
import { insertRows } from '../../src/demo/inserts.ts';
import type { TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { anAccount, aRun, insert, type Row } from '../support/rows.ts';
import { sharedApp } from '../support/shared-app.ts';
import { mutate } from './mutate.ts';

// A page takes a fixed number of statements, whatever its length, because no row needs its own. Each number includes
// one statement for the authentication.
export function statements(): void {
  let app: TestApp;
  const profiles = Array.from({ length: 9 }, (_, index) => 1000 + index);
  const computers = [1002, 1001, 1000];
  const runs = profiles.flatMap((profile, index) =>
    [0, 1, 2, 3].map((turn) => ({ id: 10_000 + index * 100 + turn * 10, profile })),
  );

  beforeAll(async () => {
    app = await sharedApp({ seed: 'none' });
    const { prisma } = app.database;
    const account = await anAccount(prisma);
    await prisma.person.createMany({
      data: profiles.map((id) => ({
        accountId: account.id,
        email: `${id}@example.com`,
        name: 'Person',
        createdAt: NOW,
      })),
    });
    await prisma.$executeRaw`
      insert into role_person (account_id, role_id, person_id)
      select r.account_id, r.id, p.id from role r join person p on p.account_id = r.account_id on conflict do nothing`;
    const group = async (title: string, parent: string) =>
      (await mutate(app, 'createAccessGroup', { title, parent }, 'accessGroup { databaseId }')).accessGroup
        .databaseId;
    const server = await group('server', 'global');
    const groups = [account.root.id, server, await group('web', 'server')];
    const inGroup = (index: number) => ({ accessGroupId: groups[index % groups.length] });

    const rows = <Ids extends readonly number[]>(
      ids: Ids,
      row: (id: number, index: number) => object,
    ): Row[] => ids.map((id, index) => ({ id, ...inGroup(index), ...row(id, index) }));
    await insert(
      prisma,
      'script',
      account,
      rows(profiles, () => ({})),
    );
    const attachment = (scriptId: number) => ({
      id: scriptId,
      scriptId,
      filename: 'a',
      content: '',
      createdAt: NOW,
    });
    await insertRows(prisma, 'script_attachment', account.id, profiles.map(attachment));
    await insert(
      prisma,
      'script_profile',
      account,
      rows(profiles, (id, index) => ({
        scriptId: id,
        allComputers: index % 2 === 0,
        tags: [`tag${index}`],
        nextRun: `2030-01-01T0${index}:00:00Z`,
      })),
    );
    await insert(
      prisma,
      'computer',
      account,
      rows(computers, () => ({})),
    );
    const executions = computers.map((computerId, index) => ({
      computerId,
      status: index === 0 ? 'failed' : 'undelivered',
    }));
    for (const { id, profile } of runs)
      await insert(prisma, 'activity', account, aRun(id, profile, executions));
  });

  async function cost(document: string, first: number): Promise<number> {
    const token = app.token('jane@example.com', 'acme');
    let asked = 0;
    const number = await app.statements(async () => {
      const answer = await app.graphql(document, { first }, token);
      expect(answer.errors).toBeUndefined();
      const [page] = Object.values(answer.data) as { nodes: unknown[] }[];
      asked = page!.nodes.length;
    });
    expect(asked).toBe(first);
    return number;
  }

  const ACTIVITY = `id databaseId type summary status creator { name email } creationTime completionTime deliveryTime
  deliverDelayWindow resultText resultCode`;
  const GROUP = 'accessGroup { id databaseId name title parent { name parent { name parent { name } } } }';
  const COMPUTER = `id databaseId title hostname comment status tags createdAt acceptedAt ${GROUP}`;
  const SCRIPT = `id databaseId title status versionNumber interpreter code timeLimit username createdAt lastEditedAt
  createdBy { id name email } lastEditedBy { id name } ${GROUP}`;
  const PROFILE = `id databaseId title scriptId allComputers tags timeLimit username archived version createdAt
  lastEditedAt createdBy { id name email } ${GROUP}
  trigger { __typename ... on OneTimeTrigger { timestamp isFinished nextRun lastRun } }`;
  const PAGE = 'totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor }';

  test.each([
    ['script profiles', 'scriptProfiles', 'title', [1, 5, 9], 2],
    ['script profiles with their script', 'scriptProfiles', 'script { title }', [1, 5, 9], 3],
    ['script profiles with their group and its ancestors', 'scriptProfiles', GROUP, [1, 5, 9], 4],
    ['script profiles with their association', 'scriptProfiles', 'numAssociatedComputers', [1, 5, 9], 2],
    ['script profiles with their last run', 'scriptProfiles', 'lastActivity { status }', [1, 5, 9], 2],
    [
      'script profiles with their history',
      'scriptProfiles',
      'events(first: 2) { totalCount nodes { action } }',
      [1, 5, 9],
      4,
    ],
    [
      'script profiles with the status of their last run',
      'scriptProfiles',
      'state lastRunStatus',
      [1, 5, 9],
      2,
    ],
    [
      'script profiles with both',
      'scriptProfiles',
      'last: lastActivity { status } ... on ScriptProfile { numAssociatedComputers }',
      [1, 5, 9],
      2,
    ],
    [
      'script profiles with a page of their runs',
      'scriptProfiles',
      `activities(first: 2) { totalCount nodes { ${ACTIVITY} } }`,
      [1, 5, 9],
      4,
    ],
    [
      'script profiles with two different pages of their computers',
      'scriptProfiles',
      `first: computers(first: 1) { totalCount nodes { id } } last: computers(last: 1) { nodes { id } }`,
      [1, 5, 9],
      5,
    ],
    [
      'script profiles with their next runs',
      'scriptProfiles',
      'upcomingRuns { at expectedComputers }',
      [1, 5, 9],
      4,
    ],
    [
      'script profiles with their run statistics',
      'scriptProfiles',
      'runStatistics { total { runs } days { successRate } }',
      [1, 5, 9],
      3,
    ],
    [
      'runs with their first failures',
      'activities',
      'duration failures { resultText computer { title } }',
      [1, 5, 36],
      4,
    ],
    [
      'script profiles with the viewer’s permissions',
      'scriptProfiles',
      'viewerPermissions { canRun { allowed } }',
      [1, 5, 9],
      6,
    ],
    [
      'computers with the reasons of their targeting',
      'computers',
      'targetedBy { tags scriptProfile { title script { title } } }',
      [1, 2, 3],
      5,
    ],
    [
      'computers with their next runs',
      'computers',
      'upcomingRuns { at scriptProfile { title script { title } } }',
      [1, 2, 3],
      7,
    ],
    ['scripts with all fields', 'scripts', SCRIPT, [1, 5, 9], 5],
    [
      'scripts with their versions, profiles and attachments',
      'scripts',
      `versions(first: 2) { totalCount nodes { code } } attachments { filename content }
     profiles(first: 2) { totalCount nodes { title } } viewerPermissions { canUpdate { allowed reason } }`,
      [1, 5, 9],
      9,
    ],
    ['computers with all fields', 'computers', COMPUTER, [1, 2, 3], 4],
    [
      'people with their roles',
      'persons',
      'version hasPassword roles { name persons { email version } }',
      [1, 5, 9],
      5,
    ],
    [
      'script profiles with their creators’ roles',
      'scriptProfiles',
      'createdBy { version roles { name } }',
      [1, 5, 9],
      5,
    ],
    [
      'computers with their executions',
      'computers',
      'activities(first: 2, filter: { statuses: [FAILED] }) { totalCount nodes { status } } lastExecution { status }',
      [1, 2, 3],
      5,
    ],
    [
      'computers with the viewer’s permissions',
      'computers',
      'viewerPermissions { canRetag { allowed } }',
      [1, 2, 3],
      2,
    ],
    ['activities', 'activities', ACTIVITY, [1, 5, 36], 2],
    [
      'activities with the script that they ran',
      'activities',
      'scriptVersion { number code }',
      [1, 5, 36],
      3,
    ],
    [
      'activities with the viewer’s permissions',
      'activities',
      'viewerPermissions { canCancel { allowed } }',
      [1, 5, 36],
      4,
    ],
    [
      'activities with their related objects',
      'activities',
      `${ACTIVITY} parent { id scriptProfile { title script { title } } } scriptProfile { title } computer { title }`,
      [4, 9, 36],
      7,
    ],
    [
      'runs with their executions',
      'activities',
      `children(first: 2) { totalCount nodes { computer { title } } }`,
      [1, 5, 36],
      5,
    ],
  ])(
    'a page of %s takes the same number of statements at any length',
    async (_, list, selection, sizes, pinned) => {
      const filter =
        list === 'activities' && /children|failures/.test(selection)
          ? ', filter: { types: ACTIVITY_GROUP }'
          : '';
      const document = `query ($first: Int!) { ${list}(first: $first${filter}) { nodes { ${selection} } } }`;
      for (const size of sizes)
        expect({ size, statements: await cost(document, size) }).toEqual({ size, statements: pinned });
    },
  );

  test('a document that selects everything takes the same number of statements for 1, 5 and 9 profiles', async () => {
    const document = `query ($first: Int!) {
    scriptProfiles(first: $first) {
      ${PAGE}
      nodes {
        ${PROFILE} numAssociatedComputers
        script { ${SCRIPT} }
        lastActivity { ${ACTIVITY} }
        activities(first: 3) { ${PAGE} nodes { ${ACTIVITY}
          children(first: 2) { ${PAGE} nodes { ${ACTIVITY} computer { title } } } } }
        computers(first: 2) { ${PAGE} nodes { ${COMPUTER} } }
      }
    }
  }`;
    const costs = [await cost(document, 1), await cost(document, 5), await cost(document, 9)];
    expect(costs).toEqual([16, 16, 16]);
  });

  test('a page of profiles with its count, computers and last runs takes one statement besides the authentication', async () => {
    const document = `query ($first: Int!) {
    scriptProfiles(first: $first, filter: { titles: ["Profile 1000", "Profile 1001"] }) {
      all: totalCount nodes { numAssociatedComputers lastActivity { id } }
    }
  }`;
    const token = app.token('jane@example.com', 'acme');
    const statements = await app.statements(async () => {
      const { data } = await app.graphql(document, { first: 1 }, token);
      expect(data.scriptProfiles).toMatchObject({ all: 2, nodes: [{}] });
    });
    expect(statements).toBe(2);
  });

  test('one profile with its computers and last run takes one statement besides the authentication', async () => {
    const token = app.token('jane@example.com', 'acme');
    const list = '{ scriptProfiles(first: 9) { nodes { id numAssociatedComputers lastActivity { id } } } }';
    const [expected] = (await app.graphql(list, {}, token)).data.scriptProfiles.nodes;
    const statements = await app.statements(async () => {
      const { data } = await app.graphql(
        `query ($id: ID!) { scriptProfile(id: $id) { id numAssociatedComputers lastActivity { id } } }`,
        { id: expected.id },
        token,
      );
      expect(data.scriptProfile).toEqual(expected);
    });
    expect(statements).toBe(2);
  });

  test('creating or changing a profile takes few statements besides those of the transaction', async () => {
    const token = app.token('jane@example.com', 'acme');
    const asked = 'scriptProfile { id numAssociatedComputers lastActivity { id } }';
    const cost = async (mutation: string, input: object) => {
      const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
      return app.statements(async () => {
        const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { userErrors { message } ${asked} } }`;
        const answer = await app.graphql(document, { input }, token);
        expect(answer.data[mutation].userErrors).toEqual([]);
      });
    };
    const draft = { scriptId: '1000', username: 'root', timeLimit: 300, tags: ['web'] };
    const trigger = { recurring: { interval: '0 5 * * *', startAfter: '2030-01-01T00:00:00Z' } };
    const costs = {
      create: await cost('createScriptProfile', { ...draft, title: 'New', trigger }),
      retitle: await cost('updateScriptProfile', { id: '1000', title: 'Other' }),
      hasten: await cost('updateScriptProfile', { id: '1000', timeLimit: 60 }),
    };
    expect(costs).toEqual({ create: 7, retitle: 8, hasten: 7 });
  });

  test('access groups with their contents, limits with their usage and tags with their counts take a few statements', async () => {
    const token = app.token('jane@example.com', 'acme');
    const cost = (document: string) =>
      app.statements(async () => {
        expect((await app.graphql(document, {}, token)).errors).toBeUndefined();
      });
    expect({
      groups: await cost(
        '{ accessGroups { numComputers numScripts numScriptProfiles children { name numComputers } } }',
      ),
      limits: await cost('{ limits { minInterval used { profiles computers } } }'),
      tags: await cost('{ tagCounts { tag numComputers } }'),
    }).toEqual({ groups: 5, limits: 4, tags: 2 });
  });

  test('the statistics of the account take a fixed number of statements for each field', async () => {
    const token = app.token('jane@example.com', 'acme');
    const cost = (selection: string) =>
      app.statements(async () => {
        const document = `{ accountStatistics(lastDays: 92, timeZone: "Europe/Berlin") { ${selection} } }`;
        expect((await app.graphql(document, {}, token)).errors).toBeUndefined();
      });
    expect({
      period: await cost('from'),
      runs: await cost('total { runs } days { runs successRate }'),
      profiles: await cost('worstScriptProfiles { runs scriptProfile { title script { title } } }'),
      missed: await cost('missedSlots { number scriptProfile { title } }'),
      computers: await cost('worstComputers { successRate computer { title } }'),
      inProgress: await cost('runsInProgress { totalCount nodes { scriptProfile { title } } }'),
      unseen: await cost('unseenComputers { totalCount nodes { lastSeenAt } }'),
    }).toEqual({ period: 1, runs: 2, profiles: 4, missed: 3, computers: 3, inProgress: 4, unseen: 4 });
  });

  test('`nodes` takes one statement for each type among the ids', async () => {
    const token = app.token('jane@example.com', 'acme');
    const { data } = await app.graphql(
      '{ scriptProfiles { nodes { id script { id } } } computers { nodes { id } } }',
      {},
      token,
    );
    const ids = [
      ...data.scriptProfiles.nodes.flatMap((node: { id: string; script: { id: string } }) => [
        node.id,
        node.script.id,
      ]),
      ...data.computers.nodes.map((node: { id: string }) => node.id),
    ];
    const document =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ScriptProfile { script { title } } } }';
    const statements = (some: string[]) => app.statements(() => app.graphql(document, { ids: some }, token));
    expect(await statements([ids[0], ids[1], ids.at(-1)])).toBe(5);
    expect(await statements(ids)).toBe(5);
  });
}
