/** A process that tries to lock the given folder for each line of input, and keeps the locks that it gets. */
import { createInterface } from 'node:readline';
import { FolderInUse, lockFolder } from '../../src/database/embedded/folder-lock.ts';

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await lockFolder(process.argv[2] ?? '');
    console.log('held');
  } catch (error) {
    console.log(error instanceof FolderInUse ? `refused ${error.holder.pid}` : String(error));
  }
}
