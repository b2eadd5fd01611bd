import { expect, test } from '@jest/globals';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  getNamedType,
  getOperationAST,
  Kind,
  validate,
} from 'graphql';
import { readConfig } from '../../src/config.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { columnsOn, fieldsOn } from '../../src/graphql/execution/look-ahead.ts';
import { checkDocument } from '../../src/graphql/limits/check-document.ts';
import { checkCost } from '../../src/graphql/limits/cost.ts';
import { operationLabel } from '../../src/graphql/request-record.ts';
import { rootFieldsOf } from '../../src/graphql/root-fields.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { countingDocument, doubling } from '../support/visits.ts';

export function walks(): void {
  const schema = createSchema();
  const { documentLimits } = readConfig({ DATABASE_URL: 'pglite:memory', JWT_SECRET: 'x'.repeat(32) });
  const operationOf = (document: DocumentNode) => getOperationAST(document)!;

  /** The only root field of the document, as a resolver receives it. */
  function info(document: DocumentNode) {
    const fragments: Record<string, FragmentDefinitionNode> = {};
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    const fieldNodes = operationOf(document).selectionSet.selections.filter((one) => one.kind === Kind.FIELD);
    return { schema, fragments, fieldNodes };
  }

  const onProfiles = (levels: number) =>
    `{ scriptProfiles { nodes { ...A0 ...B0 } } } ${doubling(levels, 'ScriptProfile', 'title script { id }')}`;

  test.each<[string, (levels: number) => string, (document: DocumentNode) => unknown]>([
    [
      'the request record',
      (levels) => `{ ...A0 ...B0 } ${doubling(levels, 'Query', 'tags')}`,
      (document) => operationLabel(document, operationOf(document)),
    ],
    [
      'the limit on bodies',
      (levels) => `mutation { ...A0 ...B0 } ${doubling(levels, 'Mutation', 'reportExecution')}`,
      (document) => rootFieldsOf(document, operationOf(document)),
    ],
    [
      'the limits on documents',
      onProfiles,
      // Deep chains exceed some limits. Only the number of steps until the refusal counts here.
      (document) => checkDocument(document, { ...documentLimits, maxFragments: 1000, maxDepth: 1000 }),
    ],
    [
      'look-ahead for fields',
      onProfiles,
      (document) => fieldsOn(info(document), [['nodes'], ['edges', 'node']]),
    ],
    [
      'look-ahead for columns',
      onProfiles,
      (document) => columnsOn(info(document), 'ScriptProfile', [['nodes']]),
    ],
    ['validation', onProfiles, (document) => validate(schema, document)],
  ])('%s visits each fragment a fixed number of times, however they double', (_what, text, walk) => {
    const visitsOf = (levels: number) => {
      const { document, visits } = countingDocument(text(levels));
      walk(document);
      return visits();
    };
    // The engine's validation compares fragments in pairs.
    const most = _what === 'validation' ? 4.5 : 2.1;
    expect(visitsOf(8)).toBeGreaterThan(0);
    expect(visitsOf(20) / visitsOf(10)).toBeLessThan(most);
    expect(visitsOf(40) / visitsOf(20)).toBeLessThan(most);
  });

  test('the cost, which counts a field as often as it is fetched, stops counting at 10,000', () => {
    const visitsOf = (levels: number) => {
      const { document, visits } = countingDocument(onProfiles(levels));
      const work = () =>
        checkCost({ schema, document, operation: operationOf(document), variables: {} }, 20_000);
      if (levels > 12) expect(work).toThrow(Refusal);
      else work();
      return visits();
    };
    for (const levels of [5, 14, 20, 40]) expect(visitsOf(levels)).toBeLessThan(3 * 10_000);
  });

  test('look-ahead goes no deeper than the parts of a row, however fields double', () => {
    const deep = (levels: number) =>
      `{ scriptProfiles { nodes { accessGroup { ...A0 ...B0 } } } } ${Array.from({ length: levels }, (_, n) =>
        ['A', 'B']
          .map((name) => `fragment ${name}${n} on AccessGroup { title ...A${n + 1} ...B${n + 1} }`)
          .join(' '),
      ).join(' ')} fragment A${levels} on AccessGroup { id } fragment B${levels} on AccessGroup { name }`;
    const { document, visits } = countingDocument(deep(40));
    columnsOn(info(document), 'ScriptProfile', [['nodes']]);
    expect(visits()).toBeLessThan(300);
    expect(
      getNamedType((schema.getType('ScriptProfile') as GraphQLObjectType).getFields().accessGroup!.type).name,
    ).toBe('AccessGroup');
  });
}
