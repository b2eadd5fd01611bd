import { beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLField, getNamedType, isObjectType, isUnionType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// A statement fetches only the selected columns, so a field's value must not depend on the other selected fields.
export function fewerColumns(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp({ seed: 'demo' });
  });

  const schema = createSchema();

  /** A field with its leaves. */
  function selectionOf({ name, type }: GraphQLField<unknown, unknown>, deep = true): string[] {
    const of = getNamedType(type);
    if (isUnionType(of))
      return [`${name} { __typename ${of.getTypes().map(({ name }) => `... on ${name} { __typename }`)} }`];
    if (!isObjectType(of)) return [name];
    if (!deep) return [];
    const below = Object.values(of.getFields()).flatMap((field) =>
      field.args.length > 0 ? [] : selectionOf(field, false),
    );
    return [`${name} { ${['__typename', ...below].join(' ')} }`];
  }

  const fieldsOf = (type: string) => {
    const of = schema.getType(type);
    if (!isObjectType(of)) throw new Error(type);
    return Object.values(of.getFields()).flatMap((field) => selectionOf(field));
  };

  async function nodes(path: (fields: string) => string, fields: string) {
    const { data, errors } = await app.graphql(path(fields));
    expect(errors).toBeUndefined();
    return data.scriptProfiles.nodes;
  }

  describe.each([
    [
      'ScriptProfile',
      (fields: string) => `{ scriptProfiles(filter: { status: ALL }) { nodes { ${fields} } } }`,
    ],
    [
      'Activity',
      (fields: string) =>
        `{ scriptProfiles(filter: { status: ALL }) { nodes { lastActivity { ${fields} } } } }`,
    ],
  ])('%s', (type, path) => {
    const fields = fieldsOf(type);
    test.each(fields)('%s has the same value alone and together with all other fields', async (field) => {
      const alone = await nodes(path, field);
      const among = await nodes(path, fields.join(' '));
      expect(alone.length).toBeGreaterThan(0);
      expect(among).toMatchObject(alone);
    });
  });
}
