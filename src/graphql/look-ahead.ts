import {
  type FieldNode,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Columns } from '../services/ports.ts';
import { columnsOf } from './from-row.ts';

type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;
type Paths = readonly (readonly string[])[];

/**
 * Names of the fields that are asked for below a field, or further down on any of these paths. Whether `@include` or
 * `@skip` leaves them out is not looked at: what is fetched for nobody is only slower.
 */
export function fieldsOn({ fieldNodes, fragments }: Selected, paths: Paths): ReadonlySet<string> {
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
  const asked = paths.flatMap((path) =>
    path.reduce((nodes, name) => below(nodes).filter((node) => node.name.value === name), [...fieldNodes]),
  );
  return new Set(below(asked).map(({ name }) => name.value));
}

/** The columns of rows of a type that are shown on these paths; undefined where it may be any. */
export function columnsOn<Row>(
  info: Selected & Pick<GraphQLResolveInfo, 'schema'>,
  typeName: string,
  paths: Paths,
): Columns<Row> | undefined {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} has no rows.`);
  const columns: Record<string, true | readonly string[]> = {};
  for (const name of fieldsOn(info, paths)) {
    const field = type.getFields()[name];
    // `__typename`.
    if (!field) continue;
    if (field.resolve) {
      const lookedAt = columnsOf(field);
      if (!lookedAt) return undefined;
      for (const column of lookedAt) columns[column] = true;
    } else {
      const of = getNamedType(field.type);
      const below = paths.map((path) => [...path, name]);
      const some = isObjectType(of) ? columnsOn(info, of.name, below) : undefined;
      columns[name] ??= some ? Object.keys(some) : true;
    }
  }
  return columns as Columns<Row>;
}
