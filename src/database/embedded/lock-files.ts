import { constants, copyFile, link, open, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Holder } from './lock-holder.ts';

/** The canonical path of a folder, whichever path leads to it. The folder need not exist, but its parent must. */
export async function canonical(folder: string): Promise<string> {
  const name = await realpath(folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return join(await realpath(dirname(folder)), basename(folder));
  });
  if ((await mountPoints()).includes(name)) {
    throw new Error(
      `${name} is a mount point, so its lock file would be outside of the mount, where another container with the ` +
        'same mount does not see it. Mount one level higher, or name a folder inside the mount.',
    );
  }
  return name;
}

/** The mount points: field 5 of each line, in which spaces are written as octal. Empty if there is no /proc. */
async function mountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return table
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/** Writes and syncs a file before it is linked, so a machine that loses power leaves no empty claim. */
export async function writeWhole(file: string, text: string, mode?: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Links the claim into its place. Returns false if the place already has a claim. */
export async function linkInto(claim: string, place: string): Promise<boolean> {
  try {
    await link(claim, place).catch((error: NodeJS.ErrnoException) => {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error;
      // A file system without hard links. The copy is exclusive too, but for a moment readers may see half of the
      // claim.
      return copyFile(claim, place, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The claim in that place, if one exists. Rereads a half-written claim for about two seconds. */
export async function readClaim(place: string): Promise<Holder | undefined> {
  for (let attempts = 40; attempts > 0; attempts--) {
    const text = await readFile(place, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const holder = parsed(text);
    if (holder) return holder;
    await setTimeout(50);
  }
  throw new Error(
    `${place} is not a lock file of this service, so its holder is unknown. Nothing was changed. ` +
      'If you are sure that no process has the database open, delete this file and start again.',
  );
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text);
    // Check the token, because it becomes part of file names.
    return /^[0-9a-f]{16}$/.test(holder.token) && Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}
