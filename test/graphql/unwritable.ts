import { beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

// The database cannot store NUL, or half of a surrogate pair in JSON. Such a text or id in any field is refused or not
// found, and never causes an internal error.
export function unwritable(): void {
  const schema = createSchema();
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  const sample: Readonly<Record<string, unknown>> = {
    ID: '5',
    String: 'global',
    Boolean: false,
    DateTime: '2030-01-01T00:00:00Z',
  };
  const DEEPEST = 5;

  /** Builds a value of a type in which the text or id with this index is replaced, and counts the texts and ids. */
  function valueWith(
    type: GraphQLInputType,
    { strange, at, choice }: { strange: string; at: number; choice: number },
  ) {
    let texts = 0;
    const valueFor = (each: GraphQLInputType, depth: number): unknown => {
      const nullable = getNullableType(each);
      if (isListType(nullable)) return [valueFor(nullable.ofType, depth)];
      if (isEnumType(nullable)) return nullable.getValues()[0]!.name;
      if (isInputObjectType(nullable)) {
        if (depth > DEEPEST) return undefined;
        const fields = Object.values(nullable.getFields());
        const taken = nullable.isOneOf ? [fields[choice % fields.length]!] : fields;
        return Object.fromEntries(taken.map((field) => [field.name, valueFor(field.type, depth + 1)]));
      }
      if (nullable.name !== 'ID' && nullable.name !== 'String') return sample[nullable.name] ?? 1;
      texts += 1;
      return texts - 1 === at ? strange : sample[nullable.name];
    };
    return { value: valueFor(type, 0), texts };
  }

  /** Arguments that only select a page, and mutations that would end the session or delay later log-ins. */
  const paging = ['first', 'last', 'before', 'offset'];
  const apart = ['logout', 'invalidateAccountTokens', 'login', 'loginWithAccessKey'];
  const fields = (
    [
      ['query', schema.getQueryType()!],
      ['mutation', schema.getMutationType()!],
    ] as const
  ).flatMap(([operation, root]) =>
    Object.values(root.getFields())
      .filter(({ name, args }) => args.length > 0 && !apart.includes(name))
      .map((field) => ({ operation, field })),
  );

  test.each(fields.map((each) => [`${each.operation} ${each.field.name}`, each] as const))(
    '%s',
    async (_name, { operation, field }) => {
      const args = field.args.filter(({ name }) => !paging.includes(name));
      const declared = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
      const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
      const type = getNamedType(field.type);
      const counts = 'getFields' in type && 'totalCount' in type.getFields() ? ' totalCount' : '';
      const selection = isLeafType(type) ? '' : `{ __typename${counts} }`;
      const document = `${operation} (${declared}) { ${field.name}(${passed}) ${selection} }`;
      for (const strange of ['a\0b', 'a\ud800b'])
        for (const choice of [0, 1, 2])
          for (const { name, type: of } of args)
            for (let at = 0; at < valueWith(of, { strange, at, choice }).texts; at++) {
              const others = args.map((other) => [
                other.name,
                valueWith(other.type, { strange, choice, at: other.name === name ? at : -1 }).value,
              ]);
              const { errors } = await app.graphql(document, Object.fromEntries(others));
              const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
              expect({ name, at, choice, codes }).not.toMatchObject({
                codes: expect.arrayContaining(['INTERNAL_SERVER_ERROR']),
              });
            }
    },
  );

  test('none of these requests caused an internal error', () => {
    expect(app.faults()).toEqual([]);
  });
}
