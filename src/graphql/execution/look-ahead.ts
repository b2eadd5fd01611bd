import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Columns } from '../../services/listing.ts';
import { columnsReadBy } from './from-row.ts';

type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;
type Paths = readonly (readonly string[])[];
type Nodes = readonly FieldNode[];

/** The fields that are selected below these nodes, directly or in fragments. */
function below(nodes: Nodes, fragments: Selected['fragments']): Nodes {
  // A fragment that is spread again adds no fields.
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
}

const named = (nodes: Nodes, name: string): Nodes => nodes.filter((node) => node.name.value === name);
const namesOf = (nodes: Nodes): ReadonlySet<string> => new Set(nodes.map(({ name }) => name.value));

/** The fields at the ends of these paths. */
const endsOf = ({ fieldNodes, fragments }: Selected, paths: Paths): Nodes =>
  paths.flatMap((path) => path.reduce((nodes, name) => named(below(nodes, fragments), name), fieldNodes));

/**
 * Names of the fields that are selected below a field, or at the ends of any of these paths. `@include` and `@skip` are
 * ignored, because fetching an unused column is only slower.
 */
export const fieldsOn = (info: Selected, paths: Paths): ReadonlySet<string> =>
  namesOf(below(endsOf(info, paths), info.fragments));

/** The columns of a type's rows that are selected on these paths. Undefined if any column may be needed. */
export function columnsOn<Row>(
  info: Selected & Pick<GraphQLResolveInfo, 'schema'>,
  typeName: string,
  paths: Paths,
): Columns<Row> | undefined {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} has no rows.`);
  return columnsBelow(endsOf(info, paths), type, info.fragments) as Columns<Row> | undefined;
}

/**
 * @param isRow false for an object within a row. The fields of such an object are enough, because fields below them are
 * fetched as a whole
 */
function columnsBelow(
  nodes: Nodes,
  type: GraphQLObjectType,
  fragments: Selected['fragments'],
  isRow = true,
): Record<string, true | readonly string[]> | undefined {
  const columns: Record<string, true | readonly string[]> = {};
  const shown = below(nodes, fragments);
  for (const name of namesOf(shown)) {
    const field = type.getFields()[name];
    // The field is `__typename`.
    if (!field) continue;
    if (field.resolve) {
      const columnsRead = columnsReadBy(field);
      if (!columnsRead) return undefined;
      for (const column of columnsRead) columns[column] = true;
    } else {
      const of = getNamedType(field.type);
      const some =
        isRow && isObjectType(of) ? columnsBelow(named(shown, name), of, fragments, false) : undefined;
      columns[name] ??= some ? Object.keys(some) : true;
    }
  }
  return columns;
}
