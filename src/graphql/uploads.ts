import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import { getOperationAST, OperationTypeNode } from 'graphql';
import type { Admission } from './limits/admission.ts';
import { rootFieldsOf } from './root-fields.ts';

/** Mutations that carry files, or what a script printed. */
const UPLOADS: readonly string[] = ['addScriptAttachment', 'reportExecution'];

/**
 * Tells whether a request may be larger than others: the operation that it runs does nothing but upload. A request
 * for a document that is not known runs nothing, so its client is told to send the document.
 * @param documents texts by the hashes under which requests ask for them
 */
export const uploadJudge =
  ({ read }: Pick<Admission, 'read'>, documents: Pick<KeyValueCache, 'get'>) =>
  async (body: unknown): Promise<boolean> => {
    const { query, operationName, extensions } = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (query !== undefined) return uploads(query, operationName);
    const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
    if (persistedQuery?.sha256Hash === undefined) return false;
    const known = await documents.get(`:${persistedQuery.sha256Hash}`);
    return known === undefined || uploads(known, operationName);

    function uploads(source: unknown, name: unknown): boolean {
      const document = typeof source === 'string' ? readOrNothing(source) : undefined;
      const operation = document && getOperationAST(document, typeof name === 'string' ? name : undefined);
      if (!document || operation?.operation !== OperationTypeNode.MUTATION) return false;
      const fields = [...rootFieldsOf(document, operation)].filter((field) => field !== '__typename');
      return fields.length > 0 && fields.every((field) => UPLOADS.includes(field));
    }

    function readOrNothing(source: string) {
      try {
        return read(source);
      } catch {
        // It has too many tokens, whatever it does.
        return undefined;
      }
    }
  };
