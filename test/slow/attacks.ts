import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';
import { Refusal } from '../../src/domain/errors.ts';
import { checkCost } from '../../src/graphql/limits/cost.ts';

/** A document that requests as much as the limits allow. */
export interface Attack {
  readonly name: string;
  readonly document: string;
  readonly cost: number;
}

const MAX_COST = 20_000;
const MAX_ROOT_FIELDS = 20;
/** Page sizes, largest first. The first one within the limit on cost is used. */
const SIZES = [1000, 700, 500, 300, 200, 100, 50, 20, 10, 5, 2, 1];

/** Values for arguments, which cannot be derived from the schema. */
export interface Values {
  /** Returns the id of an existing object of a type. `all` stands for the ids of `nodes`. */
  readonly id: (typeName: string) => string;
  readonly all: readonly string[];
  /** The required `input`, by the name of a root field. */
  readonly inputs: Readonly<Record<string, string>>;
  /** A filter with the maximum number of terms in its query, by the name of a root field. */
  readonly filters: Readonly<Record<string, string>>;
}

type Field = GraphQLField<unknown, unknown>;

/**
 * Documents for each root field: a whole page with all its texts, and the most expensive filter's count under as many
 * aliases as possible. For each object or list below an item, also as many items as the cost allows.
 */
export function attacksOn(schema: GraphQLSchema, values: Values): Attack[] {
  const seen = new Set<string>();
  return Object.values(schema.getQueryType()!.getFields()).flatMap((root) => {
    const type = itemOf(getNamedType(root.type));
    const below = (isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []).filter(
      (field) => {
        const key = `${getNamedType(root.type).name === type.name} ${type.name}.${field.name}`;
        const isNew = isCompositeType(getNamedType(field.type)) && !seen.has(key);
        seen.add(key);
        return isNew;
      },
    );
    return [
      ...largest(schema, `${root.name}, whole`, (size) => asked(root, size, values, leaves(type, size))),
      ...largest(schema, `${root.name}, often`, (size) => {
        const count = Math.min(size, MAX_ROOT_FIELDS);
        const selection = isConnection(root) ? '{ totalCount }' : wrapped(root, leaves(type, 1));
        return Array.from(
          { length: count },
          (_, n) => `a${n}: ${root.name}${argumentsOf(root, 1, values)} ${selection}`,
        ).join('\n');
      }),
      ...below.flatMap((field) =>
        largest(schema, `${root.name} with ${type.name}.${field.name}`, (size) =>
          asked(
            root,
            size,
            values,
            `{ ${asked(field, 10, values, leaves(itemOf(getNamedType(field.type)), 1))} }`,
          ),
        ),
      ),
    ];
  });
}

function largest(schema: GraphQLSchema, name: string, write: (size: number) => string): Attack[] {
  for (const size of SIZES) {
    const text = `{ ${write(size)} }`;
    const document = parse(text);
    try {
      const operation = getOperationAST(document)!;
      return [
        { name, document: text, cost: checkCost({ schema, document, operation, variables: {} }, MAX_COST) },
      ];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return [];
}

const isConnection = ({ type }: Field) => getNamedType(type).name.endsWith('Connection');

/** The type of a connection's items. Any other type is its own item. */
function itemOf(type: GraphQLNamedType): GraphQLNamedType {
  if (!type.name.endsWith('Connection')) return type;
  return getNamedType((type as GraphQLObjectType).getFields().nodes!.type);
}

const asked = (field: Field, size: number, values: Values, selection: string) =>
  `${field.name}${argumentsOf(field, size, values)} ${wrapped(field, selection)}`;

const wrapped = (field: Field, selection: string) =>
  isConnection(field) ? `{ totalCount nodes ${selection} }` : selection;

/** All scalar fields of a type, and those of objects without arguments one level below. */
function leaves(type: GraphQLNamedType, size: number, depth = 2): string {
  if (isUnionType(type)) return '{ __typename }';
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined))
      return [];
    const of = getNamedType(field.type);
    if (!isCompositeType(of)) return [field.name];
    if (depth === 1 || isConnection(field) || field.args.length > 0) return [];
    return [`${field.name} ${leaves(of, size, depth - 1)}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

function argumentsOf(field: Field, size: number, values: Values): string {
  const given = field.args.flatMap(({ name, type }) => {
    if (name === 'first') {
      const most = isConnection(field) ? size : Math.min(size, 50);
      return [`first: ${most}`];
    }
    if (name === 'id') return [`id: "${values.id(getNamedType(field.type).name)}"`];
    if (name === 'ids') return [`ids: ${JSON.stringify(values.all.slice(0, size))}`];
    if (name === 'number') return ['number: 1'];
    if (name === 'input') return [`input: ${values.inputs[field.name] ?? '{}'}`];
    if (name === 'filter' && values.filters[field.name]) return [`filter: ${values.filters[field.name]}`];
    if (isNonNullType(type) && getNamedType(type).name === 'String') return [`${name}: "a"`];
    return [];
  });
  return given.length > 0 ? `(${given.join(', ')})` : '';
}
