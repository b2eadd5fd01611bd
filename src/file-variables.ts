import { readFileSync } from 'node:fs';
import { show } from './domain/errors.ts';

/** Secrets that may be in a file, as container platforms mount them. `<NAME>_FILE` is the path of the file. */
const FROM_FILES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'ADMIN_PASSWORD',
];

/**
 * Returns the variables with the contents of their files, and the faults of the files. No fault shows the content of a
 * file.
 */
export function readFileVariables(given: NodeJS.ProcessEnv): { read: NodeJS.ProcessEnv; faults: string[] } {
  const read = { ...given };
  const faults: string[] = [];
  for (const name of FROM_FILES) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    if (given[name] !== undefined)
      faults.push(`${name}_FILE must not be set together with ${name}; found both.`);
    else
      try {
        read[name] = readFileSync(path, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        faults.push(
          `${name}_FILE must be the path of a file that this user may read; found ${show(path)} (${code}).`,
        );
      }
  }
  return { read, faults };
}
