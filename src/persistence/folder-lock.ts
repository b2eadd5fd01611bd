import { open, rm } from 'node:fs/promises';

export interface FolderLock {
  release(): Promise<void>;
}

/** Provisional: refuses any second opener; what a dead process left must be deleted by hand. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = await open(`${folder}.lock`, 'wx');
  await file.close();
  return { release: () => rm(`${folder}.lock`) };
}
