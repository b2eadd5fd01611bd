import { readFileSync } from 'node:fs';
import { show } from './domain/errors.ts';

/** Secrets, which container platforms mount as files: each can be given as `<NAME>_FILE`, the path of one. */
const FROM_FILES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'ADMIN_PASSWORD',
];

/** The variables with those read that files hold, and what is wrong with the files. No content is shown. */
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
