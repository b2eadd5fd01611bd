import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { beforeEachStatement } from '../support/wrapped-client.ts';

export function textBounds(): void {
  const schema = createSchema();

  /** Length of the longest text among the parameters of statements. */
  let longest = 0;
  const measure = (part: unknown): void => {
    if (typeof part === 'string') longest = Math.max(longest, part.length);
    else if (part && typeof part === 'object' && !ArrayBuffer.isView(part))
      Object.values(part).forEach(measure);
  };

  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      through: async (fresh) => ({
        ...fresh,
        prisma: beforeEachStatement(fresh.prisma, measure),
        close: async () => {},
      }),
    });
  });
  afterAll(() => app?.close());

  /** Texts that may be longer than a body of 256 KiB, with a length that is refused. */
  const FILES: Readonly<Record<string, number>> = { content: 1_500_000 };
  const LONG = 200_000;
  /** The output of a script is truncated, and an unknown id is not found. */
  const UNREFUSED = [
    'reportExecution input.resultText',
    'nodes ids',
    // Refused for each profile separately, in its result.
    ...['pause', 'resume', 'archive', 'run'].map((act) => `${act}ScriptProfiles input.ids`),
    'pauseScriptProfiles input.note',
  ];

  interface Text {
    readonly root: string;
    readonly field: string;
    readonly path: readonly string[];
  }

  const argumentsOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).map(({ name, args }) => ({ name, args }));

  function textsOf(
    fields: readonly (GraphQLArgument | GraphQLInputField)[],
    path: readonly string[] = [],
  ): string[][] {
    return fields.flatMap(({ name, type }) => {
      const named = getNamedType(type);
      if (named.name === 'String' || named.name === 'ID') return [[...path, name]];
      return isInputObjectType(named) ? textsOf(Object.values(named.getFields()), [...path, name]) : [];
    });
  }

  const texts: readonly Text[] = [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) =>
    argumentsOf(type).flatMap(({ name, args }) =>
      textsOf(args).map((path) => ({ root: type.name.toLowerCase(), field: name, path })),
    ),
  );

  /** A value of the type with the text at the end of the path, and otherwise minimal. */
  function inputOf(type: GraphQLInputType, path: readonly string[], text: string): unknown {
    if (isNonNullType(type)) return inputOf(type.ofType, path, text);
    if (isListType(type)) return [inputOf(type.ofType, path, text)];
    const isThere = path.length > 0;
    if (isInputObjectType(type)) {
      const [next, ...rest] = path;
      const fields = Object.values(type.getFields()).filter(
        (field) =>
          field.name === next || (!type.isOneOf && isNonNullType(field.type)) || (type.isOneOf && !next),
      );
      return Object.fromEntries(
        (type.isOneOf ? fields.slice(0, 1) : fields).map((field) => [
          field.name,
          field.name === next ? inputOf(field.type, [...rest, ''], text) : inputOf(field.type, [], text),
        ]),
      );
    }
    if (isThere) return text;
    if (isEnumType(type)) return type.getValues()[0]!.name;
    if (type.name === 'DateTime') return '2030-01-01T00:00:00Z';
    if (type.name === 'Boolean') return false;
    return type.name === 'String' ? 'x' : type.name === 'ID' ? '1' : 1;
  }

  async function sendText({ root, field, path }: Text, text: string) {
    const type = root === 'query' ? schema.getQueryType()! : schema.getMutationType()!;
    const { args, type: output } = type.getFields()[field]!;
    const given = args.filter(({ name, type }) => name === path[0] || isNonNullType(type));
    const variables = Object.fromEntries(
      given.map(({ name, type }) => [
        name,
        inputOf(type, name === path[0] ? [...path.slice(1), ''] : [], text),
      ]),
    );
    const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
    const named = getNamedType(output);
    const fields = isObjectType(named) ? Object.keys(named.getFields()) : [];
    const errors = ['userErrors', 'problems'].find((one) => fields.includes(one));
    const below = errors ? `{ ${errors} { code found } }` : isCompositeType(named) ? '{ __typename }' : '';
    const query = `${root} (${declared}) { ${field}(${passed}) ${below} }`;
    const answer = await app.graphql(query, variables);
    const refusal = answer.errors?.[0].extensions ?? answer.data?.[field]?.[errors ?? '']?.[0];
    return { status: answer.status, refusal };
  }

  test('the walk finds the texts of the schema', () => {
    expect(texts.length).toBeGreaterThan(100);
  });

  test.each(texts.map((text) => [`${text.field} ${text.path.join('.')}`, text] as const))(
    '%s has its own limit: a longer text is refused and reaches no statement',
    async (name, text) => {
      longest = 0;
      const length = FILES[text.path.at(-1)!] ?? LONG;
      const { status, refusal } = await sendText(text, 'x'.repeat(length));
      expect(status).toBeLessThan(500);
      expect(longest).toBeLessThan(length);
      if (UNREFUSED.includes(name)) return;
      expect(refusal?.code).toMatch(
        /^(INVALID_INPUT|INVALID_CRON|TRIGGER_KIND_FIXED|NOT_FOUND|SCRIPT_NOT_FOUND|FORBIDDEN)$/,
      );
      expect((refusal.found ?? '').length).toBeLessThan(120);
    },
  );
}
