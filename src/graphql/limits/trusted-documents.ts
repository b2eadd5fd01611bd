import type { ApolloServerPlugin } from '@apollo/server';
import { InMemoryLRUCache, type KeyValueCache } from '@apollo/utils.keyvaluecache';
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';
import { Refusal, show } from '../../domain/errors.ts';
import { checkDocument, type DocumentLimits } from './check-document.ts';

/** The documents that clients were built with, by the id that clients send. */
export type TrustedDocuments = ReadonlyMap<string, string>;

export interface Trusted {
  readonly documents: TrustedDocuments;
  /** Whether the server runs no other documents. */
  readonly only: boolean;
}

const map = z.record(z.string().min(1), z.string());
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string() })),
});

/**
 * Reads a manifest: an object from id to document, as Relay and graphql-codegen write it, or Apollo's own format.
 * @throws Error that describes the fault, also if a document does not fit the schema or exceeds the limits of requests
 */
export function readManifest(text: string, schema: GraphQLSchema, limits: DocumentLimits): TrustedDocuments {
  const manifest = new Map(entriesOf(text));
  for (const [id, document] of manifest) {
    const [fault] = faultsOf(document, schema, limits);
    if (fault) throw new Error(`the document ${show(id)} ${fault}`);
  }
  return manifest;
}

function entriesOf(text: string): (readonly [string, string])[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${(error as Error).message}`);
  }
  const apollo = apolloManifest.safeParse(json);
  if (apollo.success) return apollo.data.operations.map(({ id, body }) => [id, body]);
  const plain = map.safeParse(json);
  if (plain.success) return Object.entries(plain.data);
  throw new Error(
    'it is neither an object that maps ids to documents nor an apollo-persisted-query-manifest',
  );
}

function faultsOf(source: string, schema: GraphQLSchema, limits: DocumentLimits): readonly string[] {
  try {
    const document = parse(source, { maxTokens: limits.maxTokens });
    checkDocument(document, limits);
    return validate(schema, document).map(({ message }) => `does not fit the schema: ${message}`);
  } catch (error) {
    const { message } = error as Error;
    return [error instanceof Refusal ? `is too large: ${message}` : `does not fit the schema: ${message}`];
  }
}

/** Maximum size of the documents that clients sent in full once and then request by hash. */
const MAX_CACHE_BYTES = 8 * 1024 * 1024;

/** Finds documents by id. Trusted documents are first, then those that clients sent, unless only trusted ones run. */
export function documentCache({ documents: trusted, only }: Trusted): KeyValueCache {
  const sent = new InMemoryLRUCache({ maxSize: MAX_CACHE_BYTES });
  // Apollo adds a prefix to each key.
  const idOf = (key: string) => key.slice(key.indexOf(':') + 1);
  return {
    get: async (key) => trusted.get(idOf(key)) ?? (only ? undefined : sent.get(key)),
    set: async (key, document, options) => (only ? undefined : sent.set(key, document, options)),
    delete: (key) => sent.delete(key),
  };
}

export const NOT_IN_LIST = {
  message: 'This server runs only the documents of its manifest, and this document is not in it.',
  code: 'PERSISTED_QUERY_NOT_IN_LIST',
} as const;

/** Runs only trusted documents, requested by id or sent in full exactly as in the manifest. */
export function trustedOnly(trusted: TrustedDocuments): ApolloServerPlugin {
  const documents = new Set(trusted.values());
  const { message, code } = NOT_IN_LIST;
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ source }) {
          if (!documents.has(source))
            throw new GraphQLError(message, { extensions: { code, http: { status: 400 } } });
        },
      };
    },
  };
}
