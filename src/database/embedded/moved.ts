import { readFile, writeFile } from 'node:fs/promises';
import type { Instant } from '../../domain/time.ts';

/** The marker beside an embedded database that was moved, so that schedulers do not fire in both databases. */
const markOf = (folder: string) => `${folder}.moved`;

export async function markMoved(folder: string, to: string, at: Instant): Promise<void> {
  const { host, pathname } = new URL(to);
  await writeFile(markOf(folder), `${JSON.stringify({ to: `postgresql://${host}${pathname}`, at })}\n`);
}

/** @throws Error that names the new location */
export async function assertNotMoved(folder: string): Promise<void> {
  const mark = await readFile(markOf(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (mark === undefined) return;
  const { to, at } = JSON.parse(mark) as { to: string; at: Instant };
  throw new Error(
    `The database ${folder} was moved to ${to} at ${at}. Set DATABASE_URL to the new database. Later changes there are ` +
      `not in this one. If you want to use this one nevertheless, delete ${markOf(folder)}.`,
  );
}
