import { statfs } from 'node:fs/promises';

/** PostgreSQL writes its log in pieces of 16 MB, and stops for good when it can't begin the next. */
const FULL_BELOW_BYTES = 32_000_000;

/** Whether the next change may be refused for want of room. */
export const isFullAt = async (folder?: string): Promise<boolean> =>
  ((await freeBytesAt(folder)) ?? Number.POSITIVE_INFINITY) < FULL_BELOW_BYTES;

/** Bytes that this user may still write beside the folder; undefined where there is none, or the system doesn't say. */
export async function freeBytesAt(folder?: string): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}
