import { readFile } from 'node:fs/promises';
import type { GraphQLSchema } from 'graphql';
import { type Config, ConfigError } from './config.ts';
import { show } from './domain/errors.ts';
import { withoutMark } from './domain/text.ts';
import { readManifest, type Trusted } from './graphql/limits/trusted-documents.ts';

/** @throws ConfigError if the manifest can't be read or does not fit the schema */
export async function readTrustedDocuments(
  {
    trustedDocuments: path,
    trustedDocumentsOnly: only,
    documentLimits,
  }: Pick<Config, 'trustedDocuments' | 'trustedDocumentsOnly' | 'documentLimits'>,
  schema: GraphQLSchema,
): Promise<Trusted> {
  if (path === undefined) return { documents: new Map(), only };
  try {
    const text = withoutMark(await readFile(path, 'utf8'));
    return { documents: readManifest(text, schema, documentLimits), only };
  } catch (error) {
    throw new ConfigError(
      `TRUSTED_DOCUMENTS must be the path of a manifest of documents in JSON; found ${show(path)}: ${(error as Error).message}`,
    );
  }
}
