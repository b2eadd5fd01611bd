import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLNamedType,
  getVariableValues,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type OperationDefinitionNode,
  parse,
  validate,
  validateSchema,
} from 'graphql';
import { createSchema, printSorted } from '../src/graphql/schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const schema = createSchema();
const printed = printSorted(schema);
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

/** Every named part of the schema, by its path. */
interface Named {
  readonly path: string;
  readonly name: string;
  readonly kind: 'type' | 'field' | 'argument' | 'input field' | 'enum value';
  readonly description?: string | null;
}

function namedIn(type: GraphQLNamedType): Named[] {
  const { name: own, description } = type;
  const below = (
    kind: Named['kind'],
    items: readonly { name: string; description?: string | null }[],
    at = own,
  ) => items.map((item): Named => ({ ...item, path: `${at}.${item.name}`, kind }));
  const inside = () => {
    if (isEnumType(type)) return below('enum value', type.getValues());
    if (isInputObjectType(type)) return below('input field', Object.values(type.getFields()));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    const fields = Object.values(type.getFields());
    const args = fields.flatMap((field) => below('argument', field.args, `${own}.${field.name}`));
    return [...below('field', fields), ...args];
  };
  return [{ path: own, name: own, kind: 'type', description }, ...inside()];
}

const everything = types.flatMap(namedIn);
const pathsOf = (faulty: (named: Named) => boolean) => everything.filter(faulty).map(({ path }) => path);
const objectType = (name: string) => {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type ${name}.`);
  return type;
};

describe('the schema', () => {
  test('is valid, and equals the committed one', () => {
    expect(validateSchema(schema)).toEqual([]);
    expect(readFileSync(join(root, 'schema.graphql'), 'utf8')).toBe(printed);
  });

  test('has a description of every type, field, argument, input field and enum value, with a capital letter and a full stop', () => {
    expect(new Set(everything.map(({ kind }) => kind)).size).toBe(5);
    const isDescribed = ({ description }: Named) => /^[A-Z].*\.$/s.test(description ?? '');
    expect(pathsOf((named) => !isDescribed(named))).toEqual([]);
  });

  test('names fields and arguments in camelCase, without get or list, and enum values in UPPER_CASE', () => {
    const [values, members] = [/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/, /^[a-z][a-zA-Z0-9]*$/];
    expect(pathsOf(({ kind, name }) => kind === 'enum value' && !values.test(name))).toEqual([]);
    expect(pathsOf(({ kind, name }) => kind === 'type' && !/^[A-Z][a-zA-Z0-9]*$/.test(name))).toEqual([]);
    const isMember = ({ kind }: Named) => kind !== 'type' && kind !== 'enum value';
    expect(pathsOf((named) => isMember(named) && !members.test(named.name))).toEqual([]);
    expect(pathsOf((named) => isMember(named) && /^(get|list)([A-Z]|$)/.test(named.name))).toEqual([]);
  });

  test('uses the only installed copy of graphql', () => {
    const installed = packagesNamed('graphql', join(root, 'node_modules'));
    expect(installed).toEqual([join(root, 'node_modules', 'graphql')]);
  });
});

/** The folders of packages of this name, at any depth. */
function packagesNamed(name: string, folder: string): string[] {
  const entries = (at: string) => {
    try {
      return readdirSync(at, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    } catch {
      return [];
    }
  };
  const packages = entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.name.startsWith('@') ? entries(path).map((inner) => join(path, inner.name)) : [path];
  });
  return packages.flatMap((path) => {
    const isIt =
      path === join(folder, name) &&
      JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).name === name;
    return [...(isIt ? [path] : []), ...packagesNamed(name, join(path, 'node_modules'))];
  });
}

describe('the abstract types', () => {
  const abstract = types.filter(isAbstractType);

  test('are Node and Trigger', () => {
    expect(abstract.map(({ name }) => name).sort()).toEqual(['Node', 'Trigger']);
  });

  test.each([
    ['Trigger', { kind: 'event' }, 'EventTrigger'],
    ['Trigger', { kind: 'one_time' }, 'OneTimeTrigger'],
    ['Trigger', { kind: 'recurring' }, 'RecurringTrigger'],
    ...schema
      .getPossibleTypes(abstract.find(({ name }) => name === 'Node')!)
      .map(({ name }): [string, object, string] => ['Node', { __typename: name }, name]),
  ])('%s resolves %j immediately, without a promise', (name, value, expected) => {
    const type = abstract.find((one) => one.name === name)!;
    expect(type.resolveType!(value, {}, {} as never, type)).toBe(expected);
    expect(schema.isSubType(type, objectType(expected))).toBe(true);
  });

  test('have no object type with a type check, which would cause another promise', () => {
    expect(types.filter((type) => isObjectType(type) && type.isTypeOf != null)).toEqual([]);
  });
});

describe('exactly one kind of trigger', () => {
  test.each(['TriggerInput', 'UpdateTriggerInput'])('is required by the printed %s', (name) => {
    expect(printed).toContain(`\ninput ${name} @oneOf {\n`);
  });

  const event = '{ eventType: POST_ENROLLMENT }';
  const oneTime = '{ timestamp: "2025-05-01T08:00:00Z" }';
  const inputs = {
    create: (trigger: string) =>
      `createScriptProfile(input: { title: "a", scriptId: "1", username: "a", timeLimit: 1, trigger: ${trigger} })`,
    update: (trigger: string) => `updateScriptProfile(input: { id: "1", trigger: ${trigger} })`,
  };
  const cases: [string, string, boolean][] = [
    ['one', `{ event: ${event} }`, true],
    ['another one', `{ oneTime: ${oneTime} }`, true],
    ['two', `{ event: ${event}, oneTime: ${oneTime} }`, false],
    ['none', '{}', false],
    ['one that is null', '{ event: null }', false],
    ['one, and one that is null', `{ event: ${event}, oneTime: null }`, false],
  ];
  const both = cases.flatMap(([what, trigger, passes]) =>
    (['create', 'update'] as const).map((edit): [string, 'create' | 'update', string, boolean] => [
      what,
      edit,
      trigger,
      passes,
    ]),
  );

  test.each(both)('is required in a literal: %s in %s', (_, edit, trigger, passes) => {
    const document = parse(`mutation { ${inputs[edit](trigger)} { userErrors { code } } }`);
    expect(validate(schema, document).length === 0).toBe(passes);
  });

  test.each(both)('is required in a variable: %s in %s', (_, edit, trigger, passes) => {
    const type = edit === 'create' ? 'TriggerInput' : 'UpdateTriggerInput';
    const document = parse(
      `mutation M($trigger: ${type}!) { ${inputs[edit]('$trigger')} { userErrors { code } } }`,
    );
    expect(validate(schema, document)).toEqual([]);
    const [operation] = document.definitions as [OperationDefinitionNode];
    const { errors } = getVariableValues(schema, operation.variableDefinitions!, {
      trigger: jsonOf(trigger),
    });
    expect((errors ?? []).length === 0).toBe(passes);
  });

  /** Converts a literal to the equivalent JSON. */
  const jsonOf = (literal: string): unknown =>
    JSON.parse(
      literal.replaceAll(/(\w+):(?= )/g, '"$1":').replaceAll('POST_ENROLLMENT', '"POST_ENROLLMENT"'),
    );
});

describe('a paginated list', () => {
  const connections = types.filter(({ name }) => name.endsWith('Connection')).map(({ name }) => name);

  test.each(connections)('%s has edges, nodes, page info and a total count', (name) => {
    const node = name.slice(0, -'Connection'.length);
    const fields = objectType(name).getFields();
    expect(
      Object.fromEntries(Object.values(fields).map((field) => [field.name, String(field.type)])),
    ).toEqual({
      edges: `[${node}Edge!]!`,
      nodes: `[${node}!]!`,
      pageInfo: 'PageInfo!',
      totalCount: 'SafeInt!',
    });
    const edge = objectType(`${node}Edge`).getFields();
    expect([String(edge.node?.type), String(edge.cursor?.type)]).toEqual([`${node}!`, 'String!']);
  });

  const pages = types
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({ path: `${type.name}.${field.name}`, field })),
    )
    .filter(({ field }) => connections.includes(String(field.type).replace('!', '')))
    .map(({ path, field }): [string, readonly GraphQLArgument[]] => [path, field.args]);

  test.each(pages)('%s has the same arguments as all others, and accepts null for each', (_, args) => {
    const taken = Object.fromEntries(args.map(({ name, type }) => [name, String(type)]));
    expect(taken).toMatchObject({
      first: 'Int',
      after: 'String',
      last: 'Int',
      before: 'String',
      offset: 'SafeInt',
      orderBy: expect.stringMatching(/^[A-Z]\w+Order$/),
    });
    expect(args.filter(({ type }) => String(type).endsWith('!'))).toEqual([]);
  });
});

describe('a mutation', () => {
  const mutations = Object.values(schema.getMutationType()!.getFields());

  test.each(mutations.map((field): [string, typeof field] => [field.name, field]))(
    '%s has one input and returns a payload, each with a name of its own',
    (name, { args, type }) => {
      const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
      expect(args.map((arg) => `${arg.name}: ${arg.type}`)).toEqual([`input: ${capitalised}Input!`]);
      expect(String(type)).toBe(`${capitalised}Payload`);
      const fields = Object.values(objectType(`${capitalised}Payload`).getFields());
      expect(String(fields.find((field) => field.name === 'userErrors')?.type)).toBe('[UserError!]!');
      // A refused mutation has no object to return.
      const others = fields.filter((field) => field.name !== 'userErrors');
      expect(others.length).toBeGreaterThan(0);
      expect(others.filter((field) => String(field.type).endsWith('!'))).toEqual([]);
    },
  );
});
