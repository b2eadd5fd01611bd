import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Path of a new file beside the folder of an embedded database. The file will hold secrets, so its writer must remove
 * it.
 */
export const fileBeside = (folder: string, purpose: 'backup' | 'restore'): string =>
  `${folder}.${purpose}-${randomBytes(6).toString('hex')}`;

const temporary = /^\.(backup|restore)-[0-9a-f]{12}$/;

/** Removes the files that a killed process left. The caller must hold the folder's lock. */
export async function removeLeftovers(folder: string): Promise<void> {
  const name = basename(folder);
  for (const file of await readdir(dirname(folder)))
    if (file.startsWith(name) && temporary.test(file.slice(name.length)))
      await rm(join(dirname(folder), file), { force: true });
}
