import {
  type DocumentNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql';
// The package's other build imports a second graphql, which knows nothing of our schema's types.
import {
  type ComplexityEstimator,
  type ComplexityEstimatorArgs,
  getComplexity,
} from 'graphql-query-complexity/cjs';
import { invalid, type Refusal } from '../../domain/errors.ts';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../../domain/page.ts';
import { tooComplex } from './document-limits.ts';

/** What a list without pages has, as a rule: tags, access groups, accounts. */
const LIST_SIZE = 10;
/** Characters of a search query; a longer one is refused where it is read. */
const LONGEST_QUERY = 16_384;
/** What a term of a search query adds. */
const TERM_WEIGHT = 4;
/** Fields that a document may have with its fragments spread out. */
const MOST_FIELDS = 10_000;

export interface Costed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** The document's that is to run. */
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What operations cost, by their variables' weights: to find it out for each request took a twelfth of Node's time for a small one. */
const known = new WeakMap<OperationDefinitionNode, Map<string, number>>();
/** Of one operation; then it begins anew, so that whoever goes on changing the numbers spoils it for nobody. */
const MOST_KNOWN = 100;

/**
 * How many objects an operation may fetch: one for each field that has fields, times the size of the page, or of the
 * list, that it stands in. What has no fields costs nothing on top of its object, but for long texts; each term of a search
 * query costs as much as four objects.
 * @throws Refusal QUERY_TOO_COMPLEX when it costs more than is allowed, INVALID_INPUT where a value can't be null and is
 */
export function checkCost(costed: Costed, allowed: number): number {
  const costs = known.get(costed.operation) ?? new Map<string, number>();
  known.set(costed.operation, costs);
  const weights = weightsOf(costed);
  const cost = costs.get(weights) ?? costOf(costed);
  if (costs.size >= MOST_KNOWN) costs.clear();
  costs.set(weights, cost);
  if (cost > allowed) throw tooComplex('units of query cost', cost, allowed);
  return cost;
}

/** All that an estimate may go by: numbers, conditions, how long a list is, what is left to its default. */
function weightsOf({ operation, variables }: Costed): string {
  const weights = operation.variableDefinitions?.map(({ variable: { name }, type }) => {
    const value = Object.hasOwn(variables, name.value) ? variables[name.value] : undefined;
    // An id may be given as a number, and weighs nothing.
    if (typeof value === 'number' && isId(type)) return 'one';
    return typeof value === 'string' ? `${termsOf(value)} terms` : weightsIn(value, true);
  });
  return weights?.join() ?? '';
}

/** Lengths of lists and of search queries, wherever they are in a value. */
function weightsIn(value: unknown, isOutermost = false): string {
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return isOutermost ? `${value}` : 'one';
  const weights = Object.entries(value).map(
    ([name, of]) => `${name} ${isQuery(name, of) ? termsOf(of) : weightsIn(of)}`,
  );
  return `{${weights.join()}}`;
}

const isQuery = (name: string, value: unknown): value is string =>
  name === 'query' && typeof value === 'string';

/** Terms of a search query, and words of any other text: each may be looked for in every row. */
function termsOf(query: string): number {
  let terms = 0;
  for (const _ of query.slice(0, LONGEST_QUERY).matchAll(/[^\s()]+/g)) terms += 1;
  return terms;
}

/** Terms of the search queries in a field's arguments. */
function termsIn(args: Readonly<Record<string, unknown>>): number {
  const terms = Object.entries(args).map(([name, value]) => {
    if (isQuery(name, value)) return termsOf(value);
    const isInput = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isInput ? termsIn(value as Readonly<Record<string, unknown>>) : 0;
  });
  return terms.reduce((sum, each) => sum + each, 0);
}

const isId = (type: TypeNode): boolean =>
  type.kind === Kind.NAMED_TYPE ? type.name.value === 'ID' : isId(type.type);

function costOf({ schema, document, operation, variables }: Costed): number {
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      operationName: operation.name?.value,
      estimators: [estimate],
      maxQueryNodes: MOST_FIELDS,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.nodes) throw nullVariable(error);
    throw tooComplex('fields after its fragments are expanded', `more than ${MOST_FIELDS}`, MOST_FIELDS);
  }
}

/** A variable that may be null, where a value may not: nothing before has refused that. */
function nullVariable({ nodes }: GraphQLError): Refusal {
  const [variable] = nodes?.filter((node) => node.kind === Kind.VARIABLE) ?? [];
  return invalid(variable?.name.value ?? 'variables', null, 'omitted or not null');
}

function estimate(asked: ComplexityEstimatorArgs): number {
  const { field, args, childComplexity } = asked;
  // A field that costs more than it looks says so itself.
  const { complexity } = field.extensions as { complexity?: ComplexityEstimator | number };
  if (typeof complexity === 'number') return complexity;
  if (complexity) return complexity(asked) ?? 0;
  if (!isCompositeType(getNamedType(field.type))) return 0;
  return 1 + TERM_WEIGHT * termsIn(args) + sizeOf(field, args) * childComplexity;
}

function sizeOf(
  { name, type }: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, unknown>>,
): number {
  if (getNamedType(type).name.endsWith('Connection')) {
    // A page that is too large is refused by its own rule, which says so better.
    return Math.min(Math.max(Number(args.first ?? args.last ?? DEFAULT_PAGE_SIZE), 0), LARGEST_PAGE_SIZE);
  }
  if (Array.isArray(args.ids)) return args.ids.length;
  // They are the connection's page, which is counted with the connection.
  const isPage = name === 'nodes' || name === 'edges';
  return isListType(getNullableType(type)) && !isPage ? LIST_SIZE : 1;
}
