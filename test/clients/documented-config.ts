import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isAbstractType, isObjectType } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { lists, partsOfThings, possibleTypes } from './cache-config.ts';

// The configuration in docs/clients.md fits the schema. The other files of this folder run it.
export function documentedConfig(): void {
  const schema = createSchema();
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

  test.each([
    ['ts', 'cache-config.ts'],
    ['ts', 'apollo-cache.ts'],
    ['ts', 'urql-cache.ts'],
    ['json', 'relay/relay.config.json'],
    ['json', 'codegen.json'],
  ])('docs/clients.md contains the %s file %s unchanged', (language, file) => {
    expect(read('../../docs/clients.md')).toContain(`\`\`\`${language}\n${read(file)}\`\`\``);
  });

  test('the console uses the documented configuration', () => {
    expect(read('../../src/console/app/cache-config.ts')).toBe(read('cache-config.ts'));
  });

  test('the configuration lists the members of every interface and union', () => {
    const members = types.filter(isAbstractType).map((type) => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .toSorted(),
    ]);
    expect(possibleTypes).toEqual(Object.fromEntries(members));
  });

  test('every object type has an id, is listed as a part of an object, or is a connection, an edge or a payload', () => {
    const withoutId = types
      .filter(isObjectType)
      .filter((type) => !roots.includes(type) && !type.getFields().id)
      .map(({ name }) => name)
      .filter((name) => !/(Connection|Edge|Payload|PageInfo|UserError)$/.test(name));
    expect(partsOfThings.toSorted()).toEqual(withoutId.toSorted());
  });

  test('the configuration lists every paginated list, with the arguments that do not select a page', () => {
    const paging = ['first', 'after', 'last', 'before', 'offset'];
    const found = types.filter(isObjectType).flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => /Connection!?$/.test(String(field.type)))
        .map(({ name, args }): [string, string[]] => [
          `${type.name}.${name}`,
          args
            .map((arg) => arg.name)
            .filter((arg) => !paging.includes(arg))
            .toSorted(),
        ]),
    );
    const listed = Object.entries(lists).flatMap(([type, fields]) =>
      Object.entries(fields).map(([name, by]) => [`${type}.${name}`, by.toSorted()]),
    );
    // The lists of computers in a preview are not paged by clients.
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(found.filter(([name]) => !name.startsWith('ScriptProfilePreview'))),
    );
  });
}
