import { Refusal } from '../../domain/errors.ts';

/** A file in parts, which are read on demand, because thousands of clients may download simultaneously. */
export interface AgentFile {
  /** Size in bytes. */
  readonly size: number;
  readonly parts: AsyncIterable<Uint8Array>;
}

export const PART_BYTES = 128 * 1024;

/** Yields the parts in order. */
export async function* partsOf<Part extends { readonly size: number; readonly part: string }>(
  first: Part,
  read: (from: number) => Promise<Part | undefined>,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first.part, 'base64');
  for (let from = PART_BYTES; from < first.size; from += PART_BYTES) {
    const next = await read(from);
    if (!next) throw new Refusal('NOT_FOUND', 'The file was removed while it was being sent.');
    yield Buffer.from(next.part, 'base64');
  }
}
