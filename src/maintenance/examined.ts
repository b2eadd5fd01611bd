import { openPglite } from '../database/embedded/embedded-folder.ts';
import { exclusiveAccessTo } from '../database/embedded/exclusive-access.ts';
import { lockFolder } from '../database/embedded/folder-lock.ts';
import { assertNotMoved } from '../database/embedded/moved.ts';
import { onServer } from '../database/session.ts';
import type { Inspection } from '../services/maintenance/diagnosis.ts';
import { examine } from './examination.ts';

/**
 * Inspects a server without migrating it, unlike all other code that opens a database, so missing migrations are
 * reported.
 */
export const examineServer = (url: string): Promise<Inspection> =>
  onServer({ url, log: () => {}, readOnly: true }, examine);

/** @throws FolderInUse */
export async function openExamined(folder: string): Promise<Inspection> {
  const lock = await lockFolder(folder);
  try {
    await assertNotMoved(folder);
    const pglite = await openPglite(folder);
    try {
      return await exclusiveAccessTo(pglite)(examine);
    } finally {
      await pglite.close();
    }
  } finally {
    await lock.release();
  }
}
