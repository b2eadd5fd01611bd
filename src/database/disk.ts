import { statfs } from 'node:fs/promises';

/** PostgreSQL writes its log in segments of 16 MB, and stops permanently if it can't start the next one. */
const FULL_BELOW_BYTES = 32_000_000;

/** Whether the next change may be rejected because the disk is full. */
export const isFullAt = async (folder?: string): Promise<boolean> =>
  ((await freeBytesAt(folder)) ?? Number.POSITIVE_INFINITY) < FULL_BELOW_BYTES;

/**
 * Bytes that this user may still write beside the folder. Undefined without a folder, or if the system does not report
 * it.
 */
export async function freeBytesAt(folder?: string): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}
