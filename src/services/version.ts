import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The commit that was built, so that two builds of one version can be told apart. Absent where sources run unbuilt. */
function commit(): string {
  try {
    return read('../commit').trim();
  } catch {
    return '';
  }
}

/** As package.json has it, and `+commit` behind it. */
export const VERSION: string = [
  (JSON.parse(read('../../package.json')) as { version: string }).version,
  commit(),
]
  .filter(Boolean)
  .join('+');
