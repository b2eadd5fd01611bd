import {
  type DocumentNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { checkDocument, type DocumentLimits, tooComplex } from './document-limits.ts';
import { asksForSchema } from './introspection.ts';

/** What nobody needs a token for. */
const publicMutations = ['login', 'loginWithAccessKey'];

/** A client sends the same few documents again and again; longer ones are not worth the memory. */
const REMEMBERED = 1000;
const LONGEST_REMEMBERED = 16 * 1024;

/**
 * Looks at a document before the engine does: to validate one that was made for it takes the engine seconds.
 * What is no document is the engine's to explain.
 */
export function createAdmission(limits: DocumentLimits, { openSchema = false } = {}) {
  const admitted = new Set<string>();
  const parsed = (source: string) => parse(source, { maxTokens: limits.maxTokens, noLocation: true });

  return {
    /** @throws Refusal QUERY_TOO_COMPLEX */
    check(source: unknown): void {
      if (typeof source !== 'string' || admitted.has(source)) return;
      let document: DocumentNode;
      try {
        document = parsed(source);
      } catch (error) {
        if (error instanceof GraphQLError && /contains more tha[nt] \d+ tokens/.test(error.message)) {
          throw tooComplex('tokens', `more than ${limits.maxTokens}`, limits.maxTokens);
        }
        return;
      }
      checkDocument(document, limits);
      if (source.length > LONGEST_REMEMBERED) return;
      if (admitted.size >= REMEMBERED) admitted.clear();
      admitted.add(source);
    },

    /**
     * Whether a document may be run for nobody, in each of its operations: it logs in, once, and does nothing else;
     * or it asks for the schema, where that is open. Several log-ins under aliases would be several guesses in one
     * request. What is no document is not for nobody either.
     */
    isOpen(source: unknown): boolean {
      if (typeof source !== 'string') return false;
      try {
        const operations = parsed(source).definitions.filter(
          ({ kind }) => kind !== Kind.FRAGMENT_DEFINITION,
        ) as OperationDefinitionNode[];
        return (
          operations.length > 0 &&
          operations.every(
            (operation) =>
              operation.kind === Kind.OPERATION_DEFINITION &&
              (logsIn(operation) || (openSchema && asksForSchema(operation))),
          )
        );
      } catch {
        return false;
      }
    },
  };
}

function logsIn({ operation, selectionSet }: OperationDefinitionNode): boolean {
  const names = selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD ? selection.name.value : undefined,
  );
  const others = names.filter((name) => name !== '__typename');
  return (
    operation === OperationTypeNode.MUTATION &&
    others.length === 1 &&
    publicMutations.includes(others[0] ?? '')
  );
}

export type Admission = ReturnType<typeof createAdmission>;
