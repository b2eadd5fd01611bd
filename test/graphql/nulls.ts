import { beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// A null is as good as nothing: clients with generated types have nullable variables, and send null for what is not set.
export function nulls(): void {
  const schema = createSchema();
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
    // So that the event log has something to show.
    await app.graphql('mutation { updateLimits(input: { minInterval: 5 }) { userErrors { code } } }');
  });

  const mutation = schema.getMutationType();
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type !== mutation && !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ ...field, of: type.name })));

  /** Of an argument, and of the inputs in it. */
  function defaulted(of: string, inputs: readonly (GraphQLArgument | GraphQLInputField)[]): string[] {
    return inputs.flatMap(({ name, type, defaultValue }) => {
      const path = `${of}.${name}`;
      const inner: GraphQLInputType = getNamedType(type);
      const below = isInputObjectType(inner) ? defaulted(path, Object.values(inner.getFields())) : [];
      return defaultValue !== undefined && isNonNullType(type) ? [path, ...below] : below;
    });
  }

  test('every argument of a query that has a default takes null', () => {
    expect(fields.flatMap(({ of, name, args }) => defaulted(`${of}.${name}`, args))).toEqual([]);
  });

  const shown = '{ totalCount nodes { id } pageInfo { startCursor endCursor } }';
  const lists = ['activities', 'computers', 'events', 'scriptProfiles', 'scripts'];

  test.each(lists)('%s with nulls is the list without arguments', async (list) => {
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

  test('an order without a direction is a descending one', async () => {
    const titles = async (direction: string) => {
      const order = `{ field: TITLE, direction: ${direction} }`;
      const { data } = await app.graphql(`{ computers(orderBy: ${order}) { nodes { title } } }`);
      return data.computers.nodes;
    };
    expect(await titles('null')).toEqual(await titles('DESC'));
    expect(await titles('null')).not.toEqual(await titles('ASC'));
  });

  test('lists within things take nulls for their arguments, and go by their defaults', async () => {
    const document = `query ($first: Int, $status: ScriptProfileStatusFilter, $of: ScriptVersionOrder, $slots: SlotEntryOrder) {
      scripts { nodes {
        bare: profiles { totalCount } nulls: profiles(status: $status) { totalCount }
        bareVersions: versions { nodes { number } } nullVersions: versions(orderBy: $of) { nodes { number } }
      } }
      scriptProfiles { nodes {
        bare: upcomingRuns { at } nulls: upcomingRuns(first: $first) { at }
        bareSlots: slots { nodes { firstSlot } } nullSlots: slots(orderBy: $slots) { nodes { firstSlot } }
      } }
      activities(filter: { types: ACTIVITY_GROUP }) { nodes {
        bare: failures { id } nulls: failures(first: $first) { id }
      } }
    }`;
    const unset = { first: null, status: null, of: null, slots: null };
    const { data, errors } = await app.graphql(document, unset);
    expect(errors).toBeUndefined();
    for (const { nodes } of Object.values(data) as { nodes: Record<string, unknown>[] }[])
      for (const node of nodes)
        for (const key of Object.keys(node).filter((name) => name.startsWith('bare')))
          expect(node[key.replace('bare', 'null').replace(/^null$/, 'nulls')]).toEqual(node[key]);
  });
}
