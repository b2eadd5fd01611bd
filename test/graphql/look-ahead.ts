import { expect, test } from '@jest/globals';
import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { fieldsOn } from '../../src/graphql/execution/look-ahead.ts';

export function lookAhead(): void {
  /** The fields that are selected on a path below the document's only field. */
  function asked(text: string, ...path: string[]): string[] {
    const { definitions } = parse(text);
    const fragments: Record<string, FragmentDefinitionNode> = {};
    const fieldNodes: FieldNode[] = [];
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
      if (definition.kind === Kind.OPERATION_DEFINITION)
        fieldNodes.push(...(definition.selectionSet.selections as FieldNode[]));
    }
    return [...fieldsOn({ fieldNodes, fragments }, [path])];
  }

  test.each([
    ['a field', '{ list { nodes { a } } }', ['a']],
    ['a field with an alias', '{ list { nodes { b: a } } }', ['a']],
    ['fields of a path that occurs twice', '{ list { nodes { a } more: nodes { b } } }', ['a', 'b']],
    ['a field of a list that is selected twice', '{ list { nodes { a } } list { nodes { b } } }', ['a', 'b']],
    [
      'a field in a fragment',
      '{ list { nodes { ...F } } } fragment F on T { a ...G } fragment G on T { b }',
      ['a', 'b'],
    ],
    ['a path in a fragment', '{ list { ...F } } fragment F on T { nodes { ... on U { a } } }', ['a']],
    ['a field with a condition', '{ list { nodes { a @include(if: false) } } }', ['a']],
  ])('%s is found', (_, text, fields) => {
    expect(asked(text, 'nodes')).toEqual(fields);
  });

  test.each([
    ['further below', '{ list { nodes { a { b } } } }'],
    ['further above', '{ list { b nodes { a } } }'],
    ['on another path', '{ list { nodes { a } edges { node { b } } } }'],
  ])('a field %s is not found', (_, text) => {
    expect(asked(text, 'nodes')).toEqual(['a']);
  });

  test('each fragment is visited once, however often fragments spread each other', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on T { a ...F${n + 1} ...F${n + 1} }`,
    );
    expect(
      asked(`{ list { nodes { ...F0 } } } ${fragments.join(' ')} fragment F60 on T { b }`, 'nodes'),
    ).toEqual(['a', 'b']);
  });
}
