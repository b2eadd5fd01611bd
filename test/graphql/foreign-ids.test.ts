import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { globalId, type NodeType, nodeTypes } from '../../src/graphql/common/global-id.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { routes } from '../../src/rest/rest-api.ts';
import { send } from '../rest/raw.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { follow, type Transport, transports } from '../support/following.ts';

// Jane has an account of her own. She uses ids of John's account in every argument of every field of the schema. The
// answers are the same as for ids that do not exist, and John's account does not change.

const schema = createSchema();
const NOBODYS = 8_888_888;

let app: TestApp;
let jane: string;
let ids: Record<NodeType, number>;
/** Numbers of Jane's own account, because a number in John's account may also exist in hers. */
let own: Set<number>;
/** All visible data of John's account before the tests. */
let before: string;
beforeAll(async () => {
  app = await startApp({ seed: 'demo', now: '2026-11-23T23:45:12.123456Z' });
  await app.addAccount('other', 'jane@example.com');
  jane = app.token('jane@example.com', 'other');
  // Gives the event log an entry.
  await app.graphql('mutation { updateLimits(input: { minInterval: 5 }) { userErrors { code } } }');
  const one = { first: 1 };
  const { data } = await app.graphql(
    `query ($first: Int) { viewer { person { databaseId } } accessGroups { databaseId } roles { databaseId }
      events(first: $first) { nodes { databaseId } }
      activities(first: $first) { nodes { databaseId } } computers(first: $first) { nodes { databaseId } }
      scripts(first: $first) { nodes { databaseId } } scriptProfiles(first: $first) { nodes { databaseId } } }`,
    one,
  );
  const hers = await app.graphql(
    '{ viewer { person { databaseId } } accessGroups { databaseId } roles { databaseId } }',
    {},
    jane,
  );
  own = new Set([...JSON.stringify(hers.data).matchAll(/"databaseId":(\d+)/g)].map(([, id]) => Number(id)));
  const first = (name: string) => data[name].nodes[0].databaseId as number;
  ids = {
    AccessGroup: data.accessGroups[0].databaseId,
    Activity: first('activities'),
    Computer: first('computers'),
    Event: first('events'),
    Person: data.viewer.person.databaseId,
    Role: data.roles[0].databaseId,
    Script: first('scripts'),
    ScriptProfile: first('scriptProfiles'),
  };
  before = await johns();
});
afterAll(() => app?.close());

/** Builds a value of a type. It uses `id` wherever the type takes an id, and fills optional fields that lead to one. */
function valueTaken(type: GraphQLInputType, id: string, depth = 0): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [valueTaken(nullable.ofType, id, depth)];
  if (isEnumType(nullable)) return nullable.getValues()[0]!.name;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields());
    const taken = nullable.isOneOf
      ? fields.slice(0, 1)
      : fields.filter(({ type: t }) => isNonNullType(t) || leadsToId(t));
    return Object.fromEntries(taken.map((field) => [field.name, valueTaken(field.type, id, depth + 1)]));
  }
  if (!isScalarType(nullable)) throw new Error(`${type} is no type of a value.`);
  return { ID: id, String: 'x', Boolean: true, DateTime: '2030-01-01T00:00:00Z' }[nullable.name] ?? 1;
}

function leadsToId(type: GraphQLInputType, seen: readonly string[] = []): boolean {
  const named = getNamedType(type);
  if (named.name === 'ID') return true;
  if (!isInputObjectType(named) || seen.includes(named.name)) return false;
  return Object.values(named.getFields()).some((field) => leadsToId(field.type, [...seen, named.name]));
}

const roots = [
  ['query', schema.getQueryType()!],
  ['mutation', schema.getMutationType()!],
  ['subscription', schema.getSubscriptionType()!],
] as const;
const withIds = roots.flatMap(([operation, root]) =>
  Object.values(root.getFields())
    .filter(({ args }) => args.some(({ type }) => leadsToId(type)))
    .map((field) => ({ operation, field })),
);
const fields = withIds.filter(({ operation }) => operation !== 'subscription');
const subscriptions = withIds.filter(({ operation }) => operation === 'subscription');

/** Subscriptions with a list's filter, which find nothing for such an id. */
const feeds: Readonly<Record<string, string>> = {
  activityFeed: '{ activities { id } }',
  eventAdded: '{ events { id } }',
};

/** The document that Jane sends with an id. */
function asked({ operation, field }: (typeof fields)[number], id: string) {
  const args = field.args.filter(({ type }) => isNonNullType(type) || leadsToId(type));
  const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection =
    operation === 'mutation'
      ? '{ __typename userErrors { code message field found } }'
      : (feeds[field.name] ?? '{ __typename }');
  const variables = Object.fromEntries(args.map(({ name, type }) => [name, valueTaken(type, id)]));
  return { query: `${operation} (${declared}) { ${field.name}(${passed}) ${selection} }`, variables };
}

/** Her answer without the id itself. */
function withoutId(known: object, id: string): string {
  // Some answers contain the number, and some the id as it was sent.
  const number = Buffer.from(id, 'base64url').toString().split(':')[2] ?? id;
  return JSON.stringify(known)
    .replace(new RegExp(`"(${id}|${number})(\\\\?)"`, 'g'), '"<id>$2"')
    .replace(new RegExp(`found ${number}\\.`, 'g'), 'found <id>.');
}

async function answerFor(field: (typeof fields)[number], id: string): Promise<string> {
  const { query, variables } = asked(field, id);
  const { status, data, errors } = await app.graphql(query, variables, jane);
  return withoutId({ status, data, errors: errors?.map(({ locations: _, ...error }) => error) }, id);
}

async function refusalFor(field: (typeof fields)[number], id: string, over: Transport): Promise<string> {
  const { query, variables } = asked(field, id);
  const following = follow(app, over, query, variables, jane);
  try {
    const isFeed = field.field.name in feeds;
    return withoutId(isFeed ? await following.next() : await following.errors(), id);
  } finally {
    await following.stop();
  }
}

/** All visible data of John's account. */
const johns = async () =>
  JSON.stringify([
    await app.graphql(`{ scriptProfiles(first: 100, filter: { status: ALL }) { nodes { id title archived version tags trigger { __typename } numAssociatedComputers } }
      scripts(first: 100, filter: { statuses: [ACTIVE, ARCHIVED, REDACTED] }) { nodes { id title status versionNumber } } accessGroups { id name }
      computers(first: 100) { nodes { id title tags accessGroup { name } } } limits { maxNumProfiles } tags
      roles { id name description permissions persons { id } } events(first: 100) { totalCount } }`),
    await app.graphql('{ activities(first: 1000) { totalCount nodes { id status } } }'),
  ]);

test('every node type has a row of John’s, and the walk finds the fields that take ids', () => {
  expect(Object.keys(ids).sort()).toEqual([...nodeTypes].sort());
  expect(Object.values(ids).every((id) => id > 0)).toBe(true);
  const names = fields.map(({ field }) => field.name);
  expect(names).toEqual(
    expect.arrayContaining(['node', 'nodes', 'scriptProfile', 'updateScriptProfile', 'acceptComputers']),
  );
  expect(names.length).toBeGreaterThan(20);
  expect(subscriptions.map(({ field }) => field.name)).toEqual(
    expect.arrayContaining(['scriptProfileChanged', 'runProgress']),
  );
});

test.each(fields.map((each) => [`${each.operation} ${each.field.name}`, each] as const))(
  '%s: an id of another account is treated as unknown',
  async (_name, each) => {
    for (const type of nodeTypes) {
      const global = await answerFor(each, globalId(type, ids[type]));
      expect(global).toBe(await answerFor(each, globalId(type, NOBODYS)));
      if (!own.has(ids[type]))
        expect(await answerFor(each, String(ids[type]))).toBe(await answerFor(each, String(NOBODYS)));
    }
  },
);

test.each(subscriptions.flatMap((each) => transports.map((over) => [each.field.name, over, each] as const)))(
  'subscription %s over %s: an id of another account is treated as unknown',
  async (_name, over, each) => {
    for (const type of nodeTypes) {
      const foreign = await refusalFor(each, globalId(type, ids[type]), over);
      expect(foreign).toContain(each.field.name in feeds ? '[]' : '"NOT_FOUND"');
      expect(foreign).toBe(await refusalFor(each, globalId(type, NOBODYS), over));
      if (!own.has(ids[type]))
        expect(await refusalFor(each, String(ids[type]), over)).toBe(
          await refusalFor(each, String(NOBODYS), over),
        );
    }
  },
);

/** Jane's answer without the id itself. */
async function legacyAnswerFor(method: string, path: string, id: number, body?: string): Promise<string> {
  const { status, text } = await send(app, method, path, { token: jane, ...(body && { body }) });
  return `${status} ${text.replace(/"request_id":"[^"]+"/, '"request_id":""').replace(new RegExp(`\\b${id}\\b`, 'g'), '<id>')}`;
}

test('every route of the legacy API treats an id of another account in its path as unknown', async () => {
  const withId = routes.filter(({ path }) => path.includes('{id}'));
  expect(withId.length).toBeGreaterThan(4);
  for (const { method, path } of withId) {
    const ask = (id: number) => {
      const at = `/api/v2${path.replace('{id}', String(id)).replace(/\{\w+\}/, '1')}`;
      return legacyAnswerFor(method, at, id, method === 'GET' ? undefined : '{"title": "Taken over"}');
    };
    const nothing = await ask(NOBODYS);
    expect(nothing).toMatch(/^404 /);
    for (const id of Object.values(ids)) if (!own.has(id)) expect(await ask(id)).toBe(nothing);
  }
});

/** Other places of ids in a request, with the data to send, by the name of the parameter. */
const trigger = { trigger_type: 'event', event_type: 'post_enrollment' };
const profile = { title: 'Taken over', username: 'root', time_limit: 60, all_computers: true, trigger };
const action = (name: string, parameters: string) => `/api/?version=2011-08-01&action=${name}&${parameters}`;
const requestsWith: Readonly<Record<string, (id: number) => readonly [string, string, string?][]>> = {
  script_id: (id) => [
    ['POST', '/api/v2/script-profiles', JSON.stringify({ ...profile, script_id: id })],
    ['GET', action('EditScript', `script_id=${id}&title=Taken+over`)],
  ],
  activity_ids: (id) => [['POST', '/api/v2/activities/reapply', JSON.stringify({ activity_ids: [id] })]],
  instance_ids: (id) => [['GET', `/api/v2/tags/profile-diff?tags=web&instance_ids=${id}`]],
  'computer_ids.1': (id) => [['GET', action('AcceptPendingComputers', `computer_ids.1=${id}`)]],
  query: (id) => [
    ['GET', `/api/v2/computers?query=id:${id}`],
    ['GET', `/api/v2/activities?query=id:${id}+OR+computer:id:${id}+OR+parent-id:${id}`],
    ['GET', action('CancelActivities', `query=id:${id}`)],
  ],
};

test('every parameter of the legacy API that contains an id is tested', async () => {
  const { paths, components } = (await send(app, 'GET', '/api/v2/openapi.json')).body;
  const names = JSON.stringify({ ...components.schemas, ...Object.values(paths) }).matchAll(
    /"name":"([^"]+)"/g,
  );
  const fields = Object.values<{ properties?: object }>(components.schemas).flatMap(({ properties = {} }) =>
    Object.keys(properties),
  );
  const taken = [...new Set([...[...names].map(([, name]) => name!), ...fields])];
  const sayId = taken.filter((name) => /_ids?(\.1)?$|^query$/.test(name));
  // Properties that occur only in answers.
  const known = [
    ...['computer_id', 'parent_id', 'invitation_id', 'clone_id', 'employee_id', 'request_id'],
    ...['secure_id', 'person_id', 'entity_id'],
  ];
  expect(sayId.filter((name) => !known.includes(name)).sort()).toEqual(Object.keys(requestsWith).sort());
});

test.each(Object.entries(requestsWith))(
  'the legacy API treats an id of another account in %s as unknown',
  async (_name, requests) => {
    for (const id of Object.values(ids)) {
      if (own.has(id)) continue;
      for (const [index, [method, path, body]] of requests(id).entries()) {
        const [, nobodysPath, nobodysBody] = requests(NOBODYS)[index]!;
        const nothing = await legacyAnswerFor(method, nobodysPath, NOBODYS, nobodysBody);
        expect(nothing).toMatch(/^404 |^200 (\[\]|\{"(count":0|results":\[\]))/);
        expect(await legacyAnswerFor(method, path, id, body)).toBe(nothing);
      }
    }
  },
);

test('none of these requests changes John’s account', async () => {
  for (const each of fields.filter(({ operation }) => operation === 'mutation')) {
    for (const type of nodeTypes) await answerFor(each, globalId(type, ids[type]));
  }
  expect(await johns()).toBe(before);
  expect(before).not.toContain('"errors":[');
});
