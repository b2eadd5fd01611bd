import type { Examination } from '../../services/diagnosis.ts';
import { openPglite } from '../embedded-folder.ts';
import { lockFolder } from '../folder-lock.ts';
import { exclusivelyOn } from './embedded.ts';
import { examine } from './examination.ts';
import { assertNotMoved } from './moved.ts';
import { onServer } from './session.ts';

/** Without bringing it up to date, as everybody else does who opens a database: what is missing is to be told. */
export const examineServer = (url: string): Promise<Examination> =>
  onServer({ url, log: () => {}, readOnly: true }, examine);

/** @throws FolderInUse */
export async function openExamined(folder: string): Promise<Examination> {
  const lock = await lockFolder(folder);
  try {
    await assertNotMoved(folder);
    const pglite = await openPglite(folder);
    try {
      return await exclusivelyOn(pglite)(examine);
    } finally {
      await pglite.close();
    }
  } finally {
    await lock.release();
  }
}
