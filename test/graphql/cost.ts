import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getOperationAST, parse } from 'graphql';
import { checkCost } from '../../src/graphql/limits/cost.ts';
import { createSchema } from '../../src/graphql/schema.ts';

export function cost(): void {
  const schema = createSchema();
  const text = `query ($first: Int = 3, $of: Int, $ids: [ID!]!, $filter: ScriptProfileFilter, $withRuns: Boolean!, $id: ID!) {
  nodes(ids: $ids) { id ... on ScriptProfile { activities(first: $of) { nodes { id } } } }
  scriptProfiles(first: $first, filter: $filter) { nodes { script { title } activities(first: $of) @include(if: $withRuns) { nodes { id } } } }
  scriptProfile(id: $id) { activities(last: $of) { nodes { id } } }
}`;

  type Variables = Readonly<Record<string, unknown>>;
  const document = parse(text);
  const cost = (variables: Variables, parsed = document) =>
    checkCost(
      {
        schema,
        document: parsed,
        operation: getOperationAST(parsed)!,
        // As received in JSON, which omits undefined values.
        variables: JSON.parse(JSON.stringify(variables)),
      },
      Number.MAX_SAFE_INTEGER,
    );

  const some: Variables = { first: 10, of: 5, ids: ['1', '2'], withRuns: true, id: '7' };

  test.each<[string, Variables]>([
    ['a larger page', { first: 11 }],
    ['a larger page within each item', { of: 6 }],
    ['a page whose size the document sets', { first: undefined }],
    ['a page with the default size', { first: null }],
    ['another id', { ids: ['1', '2', '3'] }],
    ['a single id instead of a list', { ids: '1' }],
    ['an omitted field', { withRuns: false }],
  ])('an operation with %s has another cost', (_, change) => {
    expect(cost({ ...some, ...change })).not.toBe(cost(some));
  });

  test('an operation with other ids and texts has the same cost', () => {
    expect(cost({ ...some, ids: ['8', '9'], id: '10', filter: { search: 'x' } })).toBe(cost(some));
  });

  test('a null argument of a query costs the same as its default', () => {
    expect(cost({ ...some, filter: null })).toBe(cost(some));
    const failures = parse('query ($first: Int) { activities { nodes { failures(first: $first) { id } } } }');
    expect(cost({ first: null }, failures)).toBe(cost({}, failures));
    expect(cost({ first: null }, failures)).toBe(cost({ first: 10 }, failures));
  });

  test('null for a non-null argument is refused as such, not by its cost', () => {
    const one = parse('query ($id: ID = "5") { scriptProfile(id: $id) { title } }');
    expect(() => cost({ id: null }, one)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        detail: expect.objectContaining({ found: 'null' }),
      }),
    );
  });

  test('the cost with some variables does not affect the cost with others', () => {
    const sizes = fc.constantFrom(undefined, null, 0, 1, 2, 50);
    const variables = fc.record({
      first: sizes,
      of: sizes,
      ids: fc.oneof(fc.constantFrom('1', '2'), fc.array(fc.constantFrom('1', '2'), { maxLength: 3 })),
      withRuns: fc.boolean(),
      // More numbers than the store of costs holds.
      id: fc.oneof(fc.constantFrom('1', '2'), fc.nat(1000)),
      filter: fc.constantFrom(undefined, {}, { search: 'a' }),
    });
    fc.assert(
      fc.property(fc.array(variables, { maxLength: 20 }), (asked) => {
        expect(asked.map((each) => cost(each))).toEqual(asked.map((each) => cost(each, parse(text))));
      }),
    );
  });

  describe('the cost of', () => {
    const costOfText = (text: string, variables: Variables = {}) => cost(variables, parse(text));

    test.each<[string, string, string]>([
      [
        'a search query, by its terms',
        'computers(filter: { query: "tag:a" })',
        'computers(filter: { query: "tag:a OR tag:b" })',
      ],
      [
        'an activity query',
        'activities(filter: { query: "a" })',
        'activities(filter: { query: "a (b)(c)" })',
      ],
    ])('%s', (_, short, long) => {
      expect(costOfText(`{ ${long} { totalCount } }`)).toBeGreaterThan(
        costOfText(`{ ${short} { totalCount } }`),
      );
    });

    test('a search query costs the same in the document, in a variable and in an input variable', () => {
      const query = 'tag:a tag:b tag:c';
      const costs = [
        costOfText(`{ computers(filter: { query: "${query}" }) { totalCount } }`),
        costOfText('query ($q: String) { computers(filter: { query: $q }) { totalCount } }', { q: query }),
        costOfText('query ($f: ComputerFilter) { computers(filter: $f) { totalCount } }', { f: { query } }),
      ];
      expect(new Set(costs).size).toBe(1);
    });

    test('a search query that grows in a variable is counted again', () => {
      const parsed = parse('query ($f: ComputerFilter) { computers(filter: $f) { totalCount } }');
      expect(cost({ f: { query: 'tag:a tag:b' } }, parsed)).toBeGreaterThan(
        cost({ f: { query: 'tag:a' } }, parsed),
      );
    });

    test('the cost of a tag preview grows with the computers and with the tags', () => {
      const parsed = parse(
        'query ($input: TagChangePreviewInput!) { tagChangePreview(input: $input) { effects { gained { title } } } }',
      );
      const many = (number: number) => Array.from({ length: number }, (_, index) => `t${index}`);
      const of = (computers: number, tags: number) =>
        cost({ input: { computerIds: many(computers), add: many(tags) } }, parsed);
      expect(of(1000, 100)).toBeGreaterThan(of(1000, 10));
      expect(of(1000, 100)).toBeGreaterThan(of(100, 100));
    });

    test.each<[string, string, string]>([
      ['a result', 'activities { nodes { resultText(first: 1000) } }', 'activities { nodes { resultText } }'],
      ['code', 'scripts { nodes { title } }', 'scripts { nodes { code } }'],
      ['a note', 'scriptProfiles { nodes { title } }', 'scriptProfiles { nodes { pauseNote } }'],
      [
        'the changes of an event',
        'events { nodes { person { name } } }',
        'events { nodes { changes { to } } }',
      ],
    ])('%s, by its maximum length', (_, short, long) => {
      expect(costOfText(`{ ${long} }`)).toBeGreaterThan(costOfText(`{ ${short} }`));
    });

    test('the code of many versions under many aliases is too expensive', () => {
      const many = Array.from(
        { length: 20 },
        (_, n) => `a${n}: script(id: "1") { versions(first: 250) { nodes { code } } }`,
      );
      expect(costOfText(`{ ${many.join(' ')} }`)).toBeGreaterThan(20_000);
    });
  });
}
