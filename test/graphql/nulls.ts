import { beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// Null means the same as an omitted argument, because clients with generated types send null for unset variables.
export function nulls(): void {
  const schema = createSchema();
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
    // Gives the event log an entry.
    await app.graphql('mutation { updateLimits(input: { minInterval: 5 }) { userErrors { code } } }');
  });

  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ ...field, of: type.name })));

  /** Lists the defaults of an argument and of its inputs. */
  function defaulted(of: string, inputs: readonly (GraphQLArgument | GraphQLInputField)[]): string[] {
    return inputs.flatMap(({ name, type, defaultValue }) => {
      const path = `${of}.${name}`;
      const inner: GraphQLInputType = getNamedType(type);
      const below = isInputObjectType(inner) ? defaulted(path, Object.values(inner.getFields())) : [];
      return defaultValue !== undefined && isNonNullType(type) ? [path, ...below] : below;
    });
  }

  test('every argument and input field with a default accepts null', () => {
    expect(fields.flatMap(({ of, name, args }) => defaulted(`${of}.${name}`, args))).toEqual([]);
  });

  /** Documents that reach objects of a type whose fields have arguments. `IT` is replaced by the selection. */
  const places: Readonly<Record<string, string>> = {
    Query: '{ IT }',
    ScriptProfile: '{ scriptProfiles(first: 3) { nodes { IT } } }',
    Script: '{ scripts(first: 3) { nodes { IT } } }',
    Computer: '{ computers(first: 3) { nodes { IT } } }',
    Activity: '{ activities(first: 5) { nodes { IT } } }',
    Role: '{ roles { IT } }',
    AccountStatistics: '{ accountStatistics { IT } }',
    ScriptProfilePreview:
      '{ scriptProfilePreview(input: { update: { id: "5", tags: ["db"], allComputers: false } }) { IT } }',
  };
  const optional = fields
    .filter(({ of }) => of !== 'Mutation' && of !== 'Subscription')
    .filter(({ args }) => args.length > 0 && !args.some(isRequiredArgument));

  /** Selects a part of a field's answer for comparison. */
  function selectionOf(type: GraphQLOutputType): string {
    const named = getNamedType(type);
    if (isLeafType(named)) return '';
    const { nodes, id, totalCount } = isObjectType(named) ? named.getFields() : {};
    return `{ __typename ${id ? 'id' : ''} ${totalCount ? 'totalCount' : ''} ${nodes ? 'nodes { id }' : ''} }`;
  }

  /** An input whose fields are all null, at any depth. */
  function emptied(type: GraphQLInputType): string {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return 'null';
    const inner = Object.values(named.getFields());
    if (named.isOneOf || inner.some(isRequiredInputField)) return 'null';
    return `{ ${inner.map((field) => `${field.name}: ${emptied(field.type)}`).join(', ')} }`;
  }

  test.each(optional.map((field) => [`${field.of}.${field.name}`, field] as const))(
    '%s accepts null for all its arguments, and for all their fields',
    async (_, { of, name, args, type }) => {
      const document = (given: string) =>
        places[of]!.replace('IT', `it: ${name}${given} ${selectionOf(type)}`);
      const withEach = (value: (type: GraphQLInputType) => string) =>
        document(`(${args.map((arg) => `${arg.name}: ${value(arg.type)}`).join(', ')})`);
      const [bare, nulls, empty] = await Promise.all(
        [document(''), withEach(() => 'null'), withEach(emptied)].map((text) => app.graphql(text)),
      );
      expect(bare!.errors).toBeUndefined();
      expect(nulls).toEqual(bare);
      expect(empty).toEqual(bare);
    },
  );

  const shown = '{ totalCount nodes { id } pageInfo { startCursor endCursor } }';
  const lists = ['activities', 'computers', 'events', 'scriptProfiles', 'scripts'];

  test.each(lists)('%s with nulls equals the list without arguments', async (list) => {
    const name = `${list[0]!.toUpperCase()}${list.slice(1)}`.replace(/ies$/, 'y').replace(/s$/, '');
    const document = `query ($filter: ${name}Filter, $orderBy: ${name}Order, $first: Int, $after: String, $offset: SafeInt) {
      bare: ${list} ${shown}
      nulls: ${list}(filter: $filter, orderBy: $orderBy, first: $first, after: $after, offset: $offset) ${shown}
    }`;
    const unset = { filter: null, orderBy: null, first: null, after: null, offset: null };
    const { data, errors } = await app.graphql(document, unset);
    expect(errors).toBeUndefined();
    expect(data.nulls).toEqual(data.bare);
    expect(data.bare.totalCount).toBeGreaterThan(0);
    expect((await app.graphql(document, {})).data).toEqual(data);
  });

  test('an order without a direction is descending', async () => {
    const titles = async (direction: string) => {
      const order = `{ field: TITLE, direction: ${direction} }`;
      const { data } = await app.graphql(`{ computers(orderBy: ${order}) { nodes { title } } }`);
      return data.computers.nodes;
    };
    expect(await titles('null')).toEqual(await titles('DESC'));
    expect(await titles('null')).not.toEqual(await titles('ASC'));
  });
}
