import { describe, expect, test } from '@jest/globals';
import { type OperationDefinitionNode, parse } from 'graphql';
import { Refusal } from '../../src/domain/errors.ts';
import { checkVariables } from '../../src/graphql/limits/check-variables.ts';
import { createSchema } from '../../src/graphql/schema.ts';

export function variables(): void {
  const schema = createSchema();
  const document = parse(
    'mutation ($input: UpdateScriptProfileInput!) { updateScriptProfile(input: $input) { __typename } }',
  );

  /** The fields of all faults. */
  function faultsOf(input: unknown): (string | undefined)[] {
    try {
      checkVariables(schema, document.definitions[0] as OperationDefinitionNode, { input });
      return [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [error, ...error.others].map(({ detail }) => detail.field);
    }
  }

  test('every fault is reported', () => {
    expect(faultsOf({ id: '5', title: 1, tags: ['a', 2, null] })).toEqual(['title', 'tags.1', 'tags.2']);
  });

  describe('the first hundred faults are reported, and no more are computed', () => {
    test('of a list', () => {
      const faults = faultsOf({ id: '5', tags: new Array(100_000).fill(1) });
      expect(faults).toHaveLength(100);
      expect(faults.at(-1)).toBe('tags.99');
    });

    test('of an unknown field, with at most 80 characters', () => {
      expect(faultsOf({ id: '5', ['x'.repeat(200_000)]: 1 })).toEqual([`${'x'.repeat(79)}…`]);
    });

    test('of unknown fields', () => {
      const unknown = Array.from({ length: 10_000 }, (_, index) => [`x${index}`, 1]);
      expect(faultsOf({ id: '5', ...Object.fromEntries(unknown) })).toHaveLength(100);
    });
  });
}
