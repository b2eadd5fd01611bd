import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { AdmittedDocuments } from './admitted-documents.ts';
import { checkDocument, type DocumentLimits, tooComplex } from './check-document.ts';
import { asksForSchema, noIntrospection } from './introspection.ts';

/** Mutations that work without a token. */
const publicMutations = ['createFirstAccount', 'login', 'loginWithAccessKey', 'setPassword'];

/** Who may read the schema. */
export type Introspection = 'on' | 'authenticated' | 'off';

/**
 * The only place that turns a caller's text into a document. It checks the document before the engine validates it,
 * because validation of a malicious document takes seconds. The engine then runs exactly the checked document. For an
 * invalid text, the engine reports the error.
 */
export function createAdmission(schema: GraphQLSchema, limits: DocumentLimits, introspection: Introspection) {
  /** Rules in addition to GraphQL's own. */
  const validationRules: readonly ValidationRule[] = introspection === 'off' ? [noIntrospection] : [];
  const admitted = new AdmittedDocuments();
  let latest: { readonly source: string; readonly document: DocumentNode | undefined } | undefined;

  /** Returns undefined for a string that does not parse. @throws Refusal QUERY_TOO_COMPLEX */
  function read(source: string): DocumentNode | undefined {
    const known = admitted.get(source);
    if (known) return known;
    // Store the latest document, because a request is checked several times in a row.
    if (latest?.source !== source) latest = { source, document: parsed(source, limits) };
    return latest.document;
  }

  /**
   * Whether every operation of a document may run without a token. Such an operation logs in once and does nothing
   * else, or it reads the schema where that is public. Several log-ins under aliases would be several guesses in one
   * request.
   */
  function isOpenDocument({ definitions }: DocumentNode): boolean {
    const operations = definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION);
    return (
      operations.length > 0 &&
      operations.every(
        (operation) =>
          operation.kind === Kind.OPERATION_DEFINITION &&
          (logsIn(operation) || (introspection === 'on' && asksForSchema(operation))),
      )
    );
  }

  return {
    validationRules,
    read,

    /**
     * Checks a string and stores its document for the engine.
     * @param hash the name under which the engine looks for the document
     * @throws Refusal QUERY_TOO_COMPLEX
     */
    check(source: unknown, hash?: string): void {
      if (typeof source !== 'string') return;
      if (!admitted.get(source)) {
        const document = read(source);
        if (!document) return;
        checkDocument(document, limits);
        const rules = [...specifiedRules, ...validationRules];
        if (validate(schema, document, rules, { maxErrors: 1 }).length > 0) return;
        admitted.add(source, document);
      }
      if (hash !== undefined) admitted.name(source, hash);
    },

    /** Checks a document before it runs, unless `check` did. @throws Refusal QUERY_TOO_COMPLEX */
    checkDocument(document: DocumentNode): void {
      if (!admitted.has(document)) checkDocument(document, limits);
    },

    isOpenDocument,

    /** Like `isOpenDocument`, for a string. */
    isOpen(source: unknown): boolean {
      try {
        const document = typeof source === 'string' ? read(source) : undefined;
        return document !== undefined && isOpenDocument(document);
      } catch {
        // The text is too large to check it without a token.
        return false;
      }
    },

    /** Passes checked documents to the engine and stores none of the engine's. */
    documentStore: {
      // The engine prefixes the hash of the text with the hash of the schema.
      get: async (key) => admitted.byHash(key.slice(key.indexOf(':') + 1)),
      set: async () => undefined,
      delete: async () => false,
    } satisfies KeyValueCache<DocumentNode>,
  };
}

function parsed(source: string, { maxTokens }: DocumentLimits): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError && /contains more tha[nt] \d+ tokens/.test(error.message))
      throw tooComplex('tokens', `more than ${maxTokens}`, maxTokens);
    return undefined;
  }
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
