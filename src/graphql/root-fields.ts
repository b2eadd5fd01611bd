import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Names of the fields that an operation selects at its root. Visits each fragment once, however often it is spread. */
export function rootFieldsOf(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
): ReadonlySet<string> {
  const unvisited = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) unvisited.set(definition.name.value, definition);
  const fields = new Set<string>();
  const gather = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) gather(selection.selectionSet);
      else {
        const fragment = unvisited.get(selection.name.value);
        unvisited.delete(selection.name.value);
        if (fragment) gather(fragment.selectionSet);
      }
    }
  };
  gather(operation.selectionSet);
  return fields;
}
