import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '../domain/errors.ts';

/**
 * A body that is too long is still read up to this multiple of the limit, because most clients do not read the answer
 * until they have sent everything.
 */
const SKIPPED_BODY_FACTOR = 16;

/**
 * Reads a body to its end. Undefined if it is longer than the limit.
 * @throws Refusal INVALID_INPUT if the sender disconnects early, which is not our error
 */
export async function readBody(stream: Readable, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The stream must survive this loop, because destroying it would close the connection before the answer.
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

/** The encoding of a body, such as `gzip`. Undefined for a plain body. The server decodes no bodies. */
export function contentCoding(headers: IncomingHttpHeaders): string | undefined {
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding === 'identity' ? undefined : coding || undefined;
}
