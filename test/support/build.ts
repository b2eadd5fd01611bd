import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FolderInUse, type FolderLock, lockFolder } from '../../src/database/embedded/folder-lock.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/test-build');
/** A file with the modification time of the newest source that was built. */
const stamp = join(root, 'dist/.built-for-tests');
const patience = 120_000;

let built: Promise<void> | undefined;

/** Builds `dist` as `npm start` does, if the sources are newer than the build. */
export function ensureBuilt(): Promise<void> {
  built ??= build();
  return built;
}

async function build(): Promise<void> {
  const lock = await waitForLock();
  try {
    if (!(await isStale())) return;
    const begun = new Date();
    await rm(stamp, { force: true });
    await promisify(execFile)('npm', ['run', '--silent', 'build'], {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: patience,
    }).catch((error: Error & { stdout: string; stderr: string }) => {
      throw new Error(`npm run build failed:\n${error.stdout}${error.stderr}`);
    });
    await writeFile(stamp, '');
    await utimes(stamp, begun, begun);
  } finally {
    await lock.release();
  }
}

/** Several of jest's workers need the build: one builds, and the others wait. */
async function waitForLock(): Promise<FolderLock> {
  await mkdir(cache, { recursive: true });
  const until = Date.now() + patience;
  for (;;) {
    try {
      return await lockFolder(join(cache, 'dist'));
    } catch (error) {
      if (!(error instanceof FolderInUse) || Date.now() > until) throw error;
      await setTimeout(100);
    }
  }
}

async function isStale(): Promise<boolean> {
  if (!existsSync(stamp) || !existsSync(join(root, 'dist/main.js'))) return true;
  const builtAt = (await stat(stamp)).mtimeMs;
  const sources = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  // The types of the console, which `npm run check` writes, are no part of the build.
  const files = sources
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[/]console[/]generated\b/.test(file) && !file.endsWith('/console'));
  const inputs = [...files, join(root, 'prisma/schema.prisma'), join(root, 'tsconfig.build.json')];
  const times = await Promise.all(inputs.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(...times) >= builtAt;
}
