import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/**
 * The commit of the build, which distinguishes builds of the same version. Empty if the sources are run
 * directly.
 */
function commit(): string {
  try {
    return read('../commit').trim();
  } catch {
    return '';
  }
}

/** The version in package.json, followed by `+commit` in a build. */
export const VERSION: string = [
  (JSON.parse(read('../../package.json')) as { version: string }).version,
  commit(),
]
  .filter(Boolean)
  .join('+');
