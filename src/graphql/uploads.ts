import type { KeyValueCache } from '@apollo/utils.keyvaluecache';
import { getOperationAST, OperationTypeNode } from 'graphql';
import type { Admission } from './limits/admission.ts';
import { rootFieldsOf } from './root-fields.ts';

/** Mutations that carry files, or the output of a script. */
const UPLOADS: readonly string[] = ['addScriptAttachment', 'reportExecution'];

/**
 * Decides whether a request may be larger than others: its operation must do nothing but upload. Accepts an unknown
 * document, because it does not run, and its client is asked to send the text.
 * @param documents texts by the hash that requests send instead
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
        // The document has too many tokens, so it is rejected later.
        return undefined;
      }
    }
  };
