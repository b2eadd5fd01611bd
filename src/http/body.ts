import type { Readable } from 'node:stream';

/** Reads a body to its end; undefined when it is longer than the limit, and then leaves the rest unread. */
export async function readBody(stream: Readable, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
