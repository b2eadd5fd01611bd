import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '../domain/errors.ts';

/** How much is taken in of a body that is too long: most clients read no answer before they have sent it all. */
const SKIPPED_BODY_FACTOR = 16;

/**
 * Reads a body to its end; undefined when it is longer than the limit.
 * @throws Refusal INVALID_INPUT when its sender goes away before: no fault of ours
 */
export async function readBody(stream: Readable, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The stream outlives this loop: destroyed, it would take the connection along, and the answer with it.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else if (length > limit * SKIPPED_BODY_FACTOR) break;
    }
  } catch {
    throw new Refusal('INVALID_INPUT', 'The body ended before it was complete.', { field: 'body' });
  }
  return length > limit ? undefined : Buffer.concat(chunks);
}

/** How a body is encoded, such as `gzip`; undefined where it is plain. No body is decoded here. */
export function contentCoding(headers: IncomingHttpHeaders): string | undefined {
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding === 'identity' ? undefined : coding || undefined;
}
