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
// The package's other build imports a second graphql, which does not recognize the types of our schema.
import {
  type ComplexityEstimator,
  type ComplexityEstimatorArgs,
  getComplexity,
} from 'graphql-query-complexity/cjs';
import { invalid, type Refusal } from '../../domain/errors.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../domain/page.ts';
import { tooComplex } from './check-document.ts';

/** Usual number of items in a list without pages: tags, access groups, accounts. */
const LIST_SIZE = 10;
/** Maximum number of characters that are counted. The search parser rejects a longer query. */
const MAX_QUERY_LENGTH = 16_384;
/** Cost of a term of a search query. */
const TERM_WEIGHT = 4;
/** Maximum number of fields in a document after its fragments are expanded. */
const MAX_FIELDS = 10_000;

export interface Costed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** The operation of the document that will run. */
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Costs of operations, by the weights of their variables. Computing them for every request took a twelfth of Node's
 * time for a small one.
 */
const storedCosts = new WeakMap<OperationDefinitionNode, Map<string, number>>();
/**
 * Maximum number of costs stored for an operation. At the maximum its store is cleared, so a client that keeps changing
 * numbers can't fill it permanently.
 */
const MAX_KNOWN = 100;

/**
 * Checks the number of objects that an operation may fetch. Each field that has subfields counts as one object, times
 * the size of the page or list that contains it. A field without subfields is free, except for long texts. Each term of
 * a search query costs as much as four objects.
 * @throws Refusal QUERY_TOO_COMPLEX if the cost is too high, INVALID_INPUT if a value is null and must not be
 */
export function checkCost(costed: Costed, allowed: number): number {
  const costs = storedCosts.get(costed.operation) ?? new Map<string, number>();
  storedCosts.set(costed.operation, costs);
  const weights = weightsOf(costed);
  const cost = costs.get(weights) ?? costOf(costed);
  if (costs.size >= MAX_KNOWN) costs.clear();
  costs.set(weights, cost);
  if (cost > allowed) throw tooComplex('units of query cost', cost, allowed);
  return cost;
}

/** Everything that an estimate may depend on: numbers, conditions, lengths of lists, and missing values. */
function weightsOf({ operation, variables }: Costed): string {
  const weights = operation.variableDefinitions?.map(({ variable: { name }, type }) => {
    const value = Object.hasOwn(variables, name.value) ? variables[name.value] : undefined;
    // An id may be a number, but does not affect the cost.
    if (typeof value === 'number' && isId(type)) return 'one';
    return typeof value === 'string' ? `${termsOf(value)} terms` : weightsIn(value, true);
  });
  return weights?.join() ?? '';
}

/** Lengths of lists and search queries anywhere in a value. */
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

/** Number of terms of a search query, or of words of another text. Each may be searched in every row. */
function termsOf(query: string): number {
  let terms = 0;
  for (const _ of query.slice(0, MAX_QUERY_LENGTH).matchAll(/[^\s()]+/g)) terms += 1;
  return terms;
}

/** Number of terms of all search queries in a field's arguments. */
function termsIn(args: Readonly<Record<string, unknown>>): number {
  const terms = Object.entries(args).map(([name, value]) => {
    if (isQuery(name, value)) return termsOf(value);
    const isInput = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isInput ? termsIn(value as Readonly<Record<string, unknown>>) : 0;
  });
  return terms.reduce((sum, count) => sum + count, 0);
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
      maxQueryNodes: MAX_FIELDS,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.nodes) throw nullVariable(error);
    throw tooComplex('fields after its fragments are expanded', `more than ${MAX_FIELDS}`, MAX_FIELDS);
  }
}

/** Rejects a null variable in a place that must not be null, because no earlier check rejects it. */
function nullVariable({ nodes }: GraphQLError): Refusal {
  const [variable] = nodes?.filter((node) => node.kind === Kind.VARIABLE) ?? [];
  return invalid(variable?.name.value ?? 'variables', null, 'omitted, or a value other than null');
}

function estimate(asked: ComplexityEstimatorArgs): number {
  const { field, args, childComplexity } = asked;
  // A field that costs more than its type suggests declares its cost.
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
    // A page that is too large is rejected by another rule with a better message.
    return Math.min(Math.max(Number(args.first ?? args.last ?? DEFAULT_PAGE_SIZE), 0), MAX_PAGE_SIZE);
  }
  if (Array.isArray(args.ids)) return args.ids.length;
  // These fields contain the page of a connection, which is already counted with the connection.
  const isPage = name === 'nodes' || name === 'edges';
  return isListType(getNullableType(type)) && !isPage ? LIST_SIZE : 1;
}
