import { statfs } from 'node:fs/promises';

/** Bytes that this user may still write beside the folder; undefined where the system doesn't say. */
export async function freeBytesAt(folder: string): Promise<number | undefined> {
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}
