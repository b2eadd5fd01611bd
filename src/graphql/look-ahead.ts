import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * Names of the fields that are asked for below a field, or further down on this path. Whether `@include` or `@skip`
 * leaves them out is not looked at: what is fetched for nobody is only slower.
 */
export function fieldsAt(
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
  ...path: readonly string[]
): ReadonlySet<string> {
  const below = (nodes: readonly FieldNode[]): FieldNode[] => {
    // Spread again, a fragment brings nothing more.
    const spread = new Set<string>();
    const fieldsOf = ({ selections }: SelectionSetNode): FieldNode[] =>
      selections.flatMap((selection) => {
        if (selection.kind === Kind.FIELD) return [selection];
        if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet);
        const { value: name } = selection.name;
        if (spread.has(name)) return [];
        spread.add(name);
        return fieldsOf(fragments[name]!.selectionSet);
      });
    return nodes.flatMap(({ selectionSet }) => (selectionSet ? fieldsOf(selectionSet) : []));
  };
  const asked = path.reduce(
    (nodes, name) => below(nodes).filter((node) => node.name.value === name),
    [...fieldNodes],
  );
  return new Set(below(asked).map(({ name }) => name.value));
}
