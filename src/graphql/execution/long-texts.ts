import type { GraphContext } from '../context.ts';
import { Answer } from './answer.ts';

const MIB = 1024 * 1024;
/** Bytes of texts that one statement fetches. */
const BATCH = 2 * MIB;
/** Bytes of texts in an event of a subscription. */
const MAX_EVENT_BYTES = MIB;
/** Bytes that cost as much as an object. */
const WEIGHED = 32 * 1024;

/** What a text of at most so many bytes adds to the cost of a query. */
export const weightOf = (bytes: number): number => Math.ceil(bytes / WEIGHED);

interface LongTexts<Row, Text> {
  /** Known before a text is fetched; null for a row that has none. */
  readonly bytesOf: (row: Row) => number | null;
  readonly fetch: (rows: readonly Row[]) => Promise<readonly Text[]>;
}

/**
 * The long texts of a page of rows, in their order. They are counted before they are fetched, and fetched bit by bit.
 * @throws GraphQLError QUERY_TOO_COMPLEX if the answer has no room for them
 */
export async function longTexts<Row, Text>(
  context: GraphContext,
  rows: readonly Row[],
  { bytesOf, fetch }: LongTexts<Row, Text>,
): Promise<(Text | null)[]> {
  // A subscription has an answer for each event, and one context.
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
