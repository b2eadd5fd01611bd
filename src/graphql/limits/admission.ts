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
import { checkDocument, type DocumentLimits, tooComplex } from './document-limits.ts';
import { asksForSchema, noIntrospection } from './introspection.ts';

/** Mutations that need no token. */
const publicMutations = ['login', 'loginWithAccessKey', 'setPassword'];

/** Who gets the schema. */
export type Introspection = 'on' | 'authenticated' | 'off';

/**
 * The one place where a caller's text becomes a document. It judges the document before the engine validates it,
 * because a document that was written for it takes the engine seconds; and the engine runs the very document that
 * was judged. A text that is no valid document is left to the engine, which explains what is wrong with it.
 */
export function createAdmission(schema: GraphQLSchema, limits: DocumentLimits, introspection: Introspection) {
  /** Beside GraphQL's own. */
  const validationRules: readonly ValidationRule[] = introspection === 'off' ? [noIntrospection] : [];
  const admitted = new AdmittedDocuments();
  let latest: { readonly source: string; readonly document: DocumentNode | undefined } | undefined;

  /** Undefined where the text is no document. @throws Refusal QUERY_TOO_COMPLEX */
  function read(source: string): DocumentNode | undefined {
    const known = admitted.get(source);
    if (known) return known;
    // A request is asked several questions about its text, one after the other.
    if (latest?.source !== source) latest = { source, document: parsed(source, limits) };
    return latest.document;
  }

  /**
   * Whether a document may run without a token, in each of its operations: it logs in, once, and does nothing else;
   * or it asks for the schema, where that is open. Several log-ins under aliases would be several guesses in one
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
     * Judges a text, and keeps its document for the engine.
     * @param hash the name under which the engine looks for it
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

    /** Judges the document that is about to run, unless `check` has. @throws Refusal QUERY_TOO_COMPLEX */
    checkDocument(document: DocumentNode): void {
      if (!admitted.has(document)) checkDocument(document, limits);
    },

    isOpenDocument,

    /** The same of a text. */
    isOpen(source: unknown): boolean {
      try {
        const document = typeof source === 'string' ? read(source) : undefined;
        return document !== undefined && isOpenDocument(document);
      } catch {
        // It is too large to be looked at without a token.
        return false;
      }
    },

    /** Hands judged documents to the engine. It stores none of its own. */
    documentStore: {
      // The engine puts the hash of the schema before the hash of the text.
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
