import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSchema } from '../../src/graphql/schema.ts';
import type { Database } from '../../src/persistence/database.ts';
import { createStore } from '../../src/persistence/store.ts';
import { routes } from '../../src/rest/door.ts';
import { createServices } from '../../src/services/index.ts';
import { AccessWorld, outcomeOf, type Things } from '../graphql/access-world.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { NOW } from '../support/builders.ts';
import { freshDatabase, urlOf } from '../support/database.ts';
import { follow } from '../support/following.ts';
import { onServer } from '../support/server.ts';
import {
  partitionOf,
  type Visit,
  type WatchedDatabase,
  watchPartitions,
} from '../support/visited-partitions.ts';

// The tables are spread over partitions by account, as docs/past-one-database.md says, and two accounts are in different ones.
// Then PostgreSQL itself says of each statement which partitions it went into. A statement that does not say its account
// goes into all of them.

let fresh: Database;
let database: WatchedDatabase;
let app: TestApp;
interface Side {
  readonly world: AccessWorld;
  readonly partition: number;
  readonly things: Things;
  readonly names: Record<string, string | number>;
  computerToken: string;
}
const sides: Side[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  const page = await readFile(new URL('../../docs/past-one-database.md', import.meta.url), 'utf8');
  const [, statements] = /```sql\n(.*?)```/s.exec(page)!;
  await onServer(urlOf(fresh), (client) => client.query(statements!));
  database = await watchPartitions(urlOf(fresh));
  app = await startApp({ seed: 'none', now: NOW, database });
  for (let n = 1; sides.length < 2; n += 1) {
    const world = await AccessWorld.in(app, `account-${n}`);
    const partition = await partitionOf(urlOf(fresh), world.account.id);
    if (sides[0]?.partition === partition) continue;
    const web = await world.group('web');
    const things = await world.fill(web);
    const { pending: rejected } = await world.fill(await world.group('more'));
    const { data } = await app.graphql('{ viewer { person { id } } roles { id } }', {}, world.admin);
    const attached = await app.graphql(
      `mutation { addScriptAttachment(input: { scriptId: "${things.script}", filename: "a", content: "YQ==" }) { script { attachments { databaseId } } } }`,
      {},
      world.admin,
    );
    const names = {
      ...things,
      rejected,
      person: data.viewer.person.id,
      role: data.roles[0].id,
      attachment: attached.data.addScriptAttachment.script.attachments[0].databaseId,
    };
    sides.push({ world, partition, things, names, computerToken: '' });
  }
}, 240_000);
afterAll(async () => {
  await app?.close();
  await fresh.close();
});

const strays = (visits: readonly Visit[], partition: number) =>
  visits.filter(({ partitions }) => partitions.some((each) => each !== partition));

const page = 'totalCount nodes { id } edges { cursor } pageInfo { endCursor hasNextPage }';
const people = 'id name email';
const activity = `id status creator { ${people} } computer { id } counts { failed } duration
  failures { id } parent { id } children { ${page} } scriptProfile { id }`;
const profile = `id title numAssociatedComputers version accessGroup { name } createdBy { ${people} } script { id }
  computers(first: 5, orderBy: { field: TITLE, direction: ASC }) { ${page} }
  activities(first: 5) { totalCount nodes { ${activity} } } lastActivity { ${activity} }
  slots { totalCount nodes { status activity { id } } } upcomingRuns { at }
  runStatistics { days { startsAt } } viewerPermissions { canRun { allowed } }`;
const event = 'trigger: { event: { eventType: POST_ENROLLMENT } }';
const recurring = (startAfter = '2025-01-01T00:00:00Z') =>
  `trigger: { recurring: { interval: "0 8 * * *", startAfter: "${startAfter}" } }`;
const draft = `scriptId: "$script", username: "root", timeLimit: 60`;
const mutation = (name: string, input: string, answer = '') => [
  `Mutation.${name}`,
  `mutation { done: ${name}(input: { ${input} }) { ${answer} userErrors { code field message } } }`,
];

/** Every operation, in an order in which each finds what it needs. */
const operations: readonly string[][] = [
  [
    'Query.viewer',
    '{ viewer { roles accountPermissions permissions { permission accessGroups { name } } person { id } } }',
  ],
  ['Query.accessGroups', '{ accessGroups { id name parent { name } } }'],
  ['Query.limits', '{ limits { minInterval } }'],
  ['Query.preferences', '{ preferences { hasRegistrationKey } }'],
  ['Query.tags', '{ tags }'],
  ['Query.roles', `{ roles { id accessGroups { id } persons { ${people} } } }`],
  [
    'Query.scripts',
    `{ scripts(filter: { statuses: [ACTIVE, ARCHIVED], search: "s" }) { ${page} nodes { createdBy { id } accessGroup { id } } } }`,
  ],
  [
    'Query.script',
    `{ script(id: "$script") { id code versions { totalCount nodes { number createdBy { id } } } profiles { ${page} } attachments { content } } }`,
  ],
  ['Query.server', '{ server { version hasAccount } }'],
  [
    'Query.scriptProfiles',
    `{ scriptProfiles(first: 5, filter: { status: ALL, tags: ["tag"], accessGroups: ["global"] }) { ${page} nodes { ${profile} } } }`,
  ],
  ['Query.scriptProfile', `{ scriptProfile(id: "$profile") { ${profile} } }`],
  [
    'Query.computers',
    `{ computers(filter: { tags: ["tag-web"] }) { ${page} nodes { tags accessGroup { id } } } }`,
  ],
  [
    'Query.computer',
    '{ computer(id: "$computer") { id targetedBy { scriptProfile { id } } upcomingRuns { at } } }',
  ],
  ['Query.activities', `{ activities { ${page} nodes { ${activity} } } }`],
  ['Query.activity', `{ activity(id: "$execution") { ${activity} } }`],
  ['Query.events', `{ events { ${page} nodes { person { id } } } }`],
  ['Query.node', '{ node(id: "$role") { id } }'],
  ['Query.nodes', '{ nodes(ids: ["$role", "$person"]) { id } }'],
  [
    'Query.upcomingRuns',
    '{ upcomingRuns { runs { at scriptProfile { id } } conflicts { scriptProfile { id } } } }',
  ],
  [
    'Query.scriptProfilePreview',
    `{ scriptProfilePreview(input: { create: { title: "preview", ${draft}, allComputers: true, ${recurring()} } }) { matched { ${page} } joining { ${page} } } }`,
  ],
  [
    'Query.tagChangePreview',
    '{ tagChangePreview(input: { computerIds: ["$computer"], add: ["tag"] }) { effects { scriptProfile { id } gained { id } } } }',
  ],
  mutation('updateLimits', 'minInterval: 5, maxNumProfiles: 100'),
  mutation('updatePreferences', 'registrationKey: "open sesame", autoRegisterNewComputers: true'),
  mutation('createAccessGroup', 'title: "New"'),
  mutation(
    'createScript',
    'title: "new", code: "true", interpreter: "/bin/sh", accessGroup: "web", idempotencyKey: "k"',
  ),
  mutation('addScriptAttachment', 'scriptId: "$script", filename: "b", content: "YQ=="'),
  mutation('removeScriptAttachment', 'scriptId: "$script", filename: "b"'),
  mutation('updateScript', 'id: "$script", title: "renamed", code: "false"'),
  mutation(
    'createScriptProfile',
    `title: "scheduled", ${draft}, tags: ["tag-web"], ${recurring()}, idempotencyKey: "k"`,
    'scriptProfile { id }',
  ),
  mutation('duplicateScriptProfile', `id: "$profile", title: "another", ${event}`),
  mutation('updateScriptProfile', 'id: "$profile", timeLimit: 7, allComputers: true'),
  mutation('runScriptProfile', 'id: "$profile", idempotencyKey: "key"'),
  mutation('pauseScriptProfile', 'id: "$profile", note: "for now"'),
  mutation('resumeScriptProfile', 'id: "$profile"'),
  mutation('enrolComputer', 'hostname: "web-1", accessGroup: "web", idempotencyKey: "k"'),
  mutation('acceptComputers', 'ids: ["$pending"], tags: ["tag"]'),
  mutation('retagComputers', 'ids: ["$computer"], add: ["tag"]'),
  mutation('regroupComputers', 'ids: ["$computer"], accessGroup: "global"'),
  mutation('createRole', 'name: "new", permissions: [VIEW_SCRIPT], accessGroups: ["web"]'),
  mutation('updateRole', 'id: "$role", description: "everything"'),
  mutation('deleteRole', 'id: "$role"'),
  mutation('cancelActivity', 'id: "$run"'),
  mutation('cancelActivities', 'query: "status:undelivered id:0"'),
  mutation('rejectComputers', 'ids: ["$rejected"]'),
  mutation('archiveScriptProfile', 'id: "$profile"'),
  mutation('archiveScript', 'id: "$script"'),
  mutation('redactScript', 'id: "$script"'),
  mutation('removeComputer', 'id: "$computer"'),
];
const followed: Record<string, string> = {
  scriptProfileChanged: 'scriptProfileChanged { scriptProfile { id title } }',
  runProgress: 'runProgress(activityId: "$run") { activity { id } }',
  activityFeed: 'activityFeed { activities { id } }',
};
/** Tried below, with credentials of their own. */
const elsewhere = [
  'Mutation.takeExecutions',
  'Mutation.reportExecution',
  ...['login', 'loginWithAccessKey', 'switchAccount', 'createAccessKey', 'revokeAccessKey', 'logout'].map(
    (name) => `Mutation.${name}`,
  ),
  ...['invalidatePersonTokens', 'invalidateAccountTokens'].map((name) => `Mutation.${name}`),
  ...Object.keys(followed).map((name) => `Subscription.${name}`),
];

/** Over the wire, as whoever it is. */
async function graph(authorization: string | undefined, query: string) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const body = JSON.stringify({ query });
  const answer = await fetch(`${app.url}/graphql`, { method: 'POST', headers, body });
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
  const { data, errors } = (await answer.json()) as { data: Record<string, any>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

const written = (document: string, names: Side['names']) =>
  document.replaceAll(/\$([a-z]+)/g, (whole, name) => String(names[name] ?? whole));

test('every operation of the graph is tried here, in two accounts', () => {
  const schema = createSchema();
  const all = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap(
    (type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`),
  );
  expect([...operations.map(([name]) => name), ...elsewhere].sort()).toEqual(all.sort());
});

test('a statement that does not say its account goes into several partitions, and is found out', async () => {
  const { prisma } = database;
  const visits = await database.during(async () => {
    await prisma.$queryRawUnsafe('select count(*) from activity');
    await prisma.$queryRawUnsafe(
      'select count(*) from activity where account_id = $1::bigint',
      sides[0]!.world.account.id,
    );
  });
  expect(visits.map(({ partitions }) => partitions.length)).toEqual([8, 1]);
  expect(strays(visits, sides[0]!.partition)).toHaveLength(1);
});

describe.each([0, 1])('no statement leaves account %i for', (n) => {
  const side = () => sides[n]!;
  /** What went into tables of accounts at all, so that nothing is proven by silence. */
  const bound = (visits: readonly Visit[]) => {
    expect(strays(visits, side().partition)).toEqual([]);
    return visits.filter(({ partitions }) => partitions.length > 0).length;
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

  /** What has an end is tried over the graph alone, and so is all that is about tokens. */
  const restFirst = routes.filter(
    ({ path, access }) =>
      access === undefined && !/:archive$|:redact$|^\/(tokens|switch-account|about|features)/.test(path),
  );
  test.each(restFirst.map(({ method, path }) => [method, path]))('%s %s', async (method, path) => {
    const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };
    const body = {
      title: 'By REST',
      script_id: side().things.script,
      username: 'root',
      time_limit: 1,
      trigger,
    };
    const sent = { POST: body, PATCH: path === '/preferences' ? { title: 'Ours' } : { time_limit: 9 } }[
      method
    ];
    const noun = Object.entries({ scripts: 'script', computers: 'computer', activities: 'run' });
    const [, id] = noun.find(([plural]) => path.startsWith(`/${plural}/`)) ?? ['', 'profile'];
    const asked = path
      .replace('{id}', `$${id}`)
      .replace('{number}', '1')
      .replace('{attachment}', '$attachment')
      .replace(/profile-diff$/, 'profile-diff?tags=tag&instance_ids=$computer');
    const visits = await database.during(async () => {
      const answer = await fetch(`${app.url}/api/v2${written(asked, side().names)}`, {
        method,
        headers: { authorization: `Bearer ${side().world.admin}` },
        body: sent && JSON.stringify(sent),
      });
      expect(answer.status).toBeLessThan(300);
    });
    expect(bound(visits)).toBeGreaterThan(0);
  });

  test.each(operations)('%s', async (_name, document) => {
    const visits = await database.during(async () => {
      const answer = await app.graphql(written(document!, side().names), {}, side().world.admin);
      // An account's only administrator's role stays; its refusal has looked everywhere that it would have.
      if (!document!.includes('Role('))
        expect([answer.errors, outcomeOf(answer)]).toEqual([undefined, 'done']);
    });
    bound(visits);
  });

  test('a computer that enrols with the registration key, takes its executions and reports them', async () => {
    const { world } = side();
    const visits = await database.during(async () => {
      const basic = `Basic ${Buffer.from(`${world.account.name}:open sesame`).toString('base64')}`;
      const enrolled = await graph(
        basic,
        'mutation { enrolComputer(input: { hostname: "web-9", tags: ["nine"] }) { token userErrors { code } } }',
      );
      const own = `Bearer ${enrolled.enrolComputer.token}`;
      const script = await app.graphql(
        'mutation { createScript(input: { title: "nine", code: "true", interpreter: "/bin/sh" }) { script { id } } }',
        {},
        world.admin,
      );
      const nine = await app.graphql(
        `mutation { createScriptProfile(input: { title: "nine", scriptId: "${script.data.createScript.script.id}", username: "root", timeLimit: 60, tags: ["nine"], ${recurring()} }) { scriptProfile { id } } }`,
        {},
        world.admin,
      );
      const run = `mutation { runScriptProfile(input: { id: "${nine.data.createScriptProfile.scriptProfile.id}", idempotencyKey: "nine" }) { userErrors { code } } }`;
      await app.graphql(run, {}, world.admin);
      const taken = await graph(own, 'mutation { takeExecutions(input: {}) { executions { id } } }');
      const [{ id }] = taken.takeExecutions.executions;
      await graph(
        own,
        `mutation { reportExecution(input: { id: "${id}", succeeded: true }) { reportedId userErrors { code } } }`,
      );
    });
    expect(bound(visits)).toBeGreaterThan(10);
  });

  test('a person who logs in by password and by key, and whose tokens are taken back', async () => {
    const { world } = side();
    const account = world.account.name;
    const { data } = await app.graphql('{ viewer { person { email } } }', {}, world.admin);
    const { email } = data.viewer.person;
    const other = (await app.graphql('{ viewer { person { id } } }', {}, await world.person())).data.viewer
      .person;
    await app.setPassword('a password', email, account);
    const visits = await database.during(async () => {
      const done = async (token: string | undefined, name: string, input: string, answer: string) => {
        const made = await graph(
          token && `Bearer ${token}`,
          `mutation { ${name}(input: { ${input} }) { ${answer} userErrors { message } } }`,
        );
        expect(made[name].userErrors).toEqual([]);
        return made[name];
      };
      const session = 'session { token viewer { person { id } } }';
      const credentials = `email: "${email}", password: "a password", account: "${account}"`;
      const { token } = (await done(undefined, 'login', credentials, session)).session;
      const { accessKey, secretKey } = await done(
        token,
        'createAccessKey',
        'title: "k"',
        'secretKey accessKey { key }',
      );
      const { key } = accessKey;
      await done(undefined, 'loginWithAccessKey', `accessKey: "${key}", secretKey: "${secretKey}"`, session);
      await done(token, 'switchAccount', `accountName: "${account}"`, session);
      await done(token, 'revokeAccessKey', `key: "${key}"`, '');
      await done(token, 'logout', 'everywhere: false', '');
      await done(world.admin, 'invalidatePersonTokens', `id: "${other.id}"`, '');
      await done(world.admin, 'invalidateAccountTokens', `accountName: "${account}"`, '');
    });
    expect(bound(visits)).toBeGreaterThan(5);
  });
});

test('the clock asks across accounts for what is due and when the next is, and for nothing else', async () => {
  let now = '2025-06-01T00:00:00.000000Z';
  const services = createServices(createStore(database.connection, async () => now));
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
  now = '2026-07-01T00:00:00.000000Z';
  await acts(() => services.retention.sweep(30));
  await acts(() => services.retention.sweepEvents(30));

  expect(across).toEqual(['profiles due', 'next profile', 'executions overdue', 'next overdue']);
  expect(alone.filter(({ partitions }) => partitions.length > 1)).toEqual([]);
  expect(new Set(alone.flatMap(({ partitions }) => partitions))).toEqual(
    new Set(sides.map(({ partition }) => partition)),
  );
});
