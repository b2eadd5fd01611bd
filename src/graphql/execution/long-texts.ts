import type { GraphContext } from '../context.ts';
import { Answer } from './answer.ts';

const MIB = 1024 * 1024;
/** Bytes of text to fetch with one statement. */
const BATCH = 2 * MIB;
/** Maximum bytes of text in an event of a subscription. */
const MAX_EVENT_BYTES = MIB;
/** Bytes of text that cost as much as one object. */
const WEIGHED = 32 * 1024;

/** The cost that a string of at most this many bytes adds to a query. */
export const weightOf = (bytes: number): number => Math.ceil(bytes / WEIGHED);

interface LongTexts<Row, Text> {
  /** Size in bytes, known before the text is fetched. Null for a row without a string. */
  readonly bytesOf: (row: Row) => number | null;
  readonly fetch: (rows: readonly Row[]) => Promise<readonly Text[]>;
}

/**
 * Returns the long texts of a page of rows, in order. They are measured before they are fetched, and fetched in
 * batches.
 * @throws GraphQLError QUERY_TOO_COMPLEX if they make the answer too large
 */
export async function longTexts<Row, Text>(
  context: GraphContext,
  rows: readonly Row[],
  { bytesOf, fetch }: LongTexts<Row, Text>,
): Promise<(Text | null)[]> {
  // A subscription has one context, but a separate answer for each event.
  const answer = context.admit ? new Answer({ largest: MAX_EVENT_BYTES }) : context.answer;
  const sized = rows.flatMap((row) => {
    const bytes = bytesOf(row);
    return bytes === null ? [] : [{ row, bytes }];
  });
  await answer.reserve(sized.reduce((sum, { bytes }) => sum + bytes, 0));
  const texts = new Map<Row, Text>();
  for (let start = 0, end = 0; start < sized.length; start = end) {
    for (let bytes = 0; end < sized.length && (end === start || bytes + sized[end]!.bytes <= BATCH); end += 1)
      bytes += sized[end]!.bytes;
    const batch = sized.slice(start, end).map(({ row }) => row);
    const fetched = await fetch(batch);
    for (const [index, row] of batch.entries()) texts.set(row, fetched[index]!);
  }
  return rows.map((row) => texts.get(row) ?? null);
}
