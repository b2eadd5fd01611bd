/** A process that tries to lock the folder it is given whenever a line comes in, and keeps what it got. */
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
