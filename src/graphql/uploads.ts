/** Mutations that carry files, or what a script printed. */
const UPLOADS = /\b(addScriptAttachment|reportExecution)\b/;

/** Whether a request of somebody who is known may be larger than others. What is asked for by its id alone may be such a document. */
export function isUpload(body: unknown): boolean {
  const { query, extensions } = (body ?? {}) as { query?: unknown; extensions?: unknown };
  return typeof query === 'string' ? UPLOADS.test(query) : extensions != null;
}
