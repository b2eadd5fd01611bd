import {
  type DocumentNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
} from 'graphql';
// The package's other build imports a second graphql, which knows nothing of our schema's types.
import {
  type ComplexityEstimator,
  type ComplexityEstimatorArgs,
  getComplexity,
} from 'graphql-query-complexity/cjs';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../domain/page.ts';
import { tooComplex } from './document-limits.ts';

/** What a list without pages has, as a rule: tags, access groups, accounts. */
const LIST_SIZE = 10;
/** Fields that a document may have with its fragments spread out. */
const MOST_FIELDS = 10_000;

export interface Costed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * How many objects an operation may fetch: one for each field that has fields, times the size of the page, or of the
 * list, that it stands in. What has no fields costs nothing on top of its object.
 * @throws Refusal QUERY_TOO_COMPLEX when it costs more than is allowed
 */
export function checkCost({ schema, document, operationName, variables }: Costed, allowed: number): number {
  let cost: number;
  try {
    cost = getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      operationName: operationName ?? undefined,
      estimators: [estimate],
      maxQueryNodes: MOST_FIELDS,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw tooComplex('fields, with its fragments spread out', `more than ${MOST_FIELDS}`, MOST_FIELDS);
  }
  if (cost > allowed) throw tooComplex('objects to fetch, as its cost', cost, allowed);
  return cost;
}

function estimate(asked: ComplexityEstimatorArgs): number {
  const { field, args, childComplexity } = asked;
  // A field that costs more than it looks says so itself.
  const { complexity } = field.extensions as { complexity?: ComplexityEstimator | number };
  if (typeof complexity === 'number') return complexity;
  if (complexity) return complexity(asked) ?? 0;
  if (!isCompositeType(getNamedType(field.type))) return 0;
  return 1 + sizeOf(field, args) * childComplexity;
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
