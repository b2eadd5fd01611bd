import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from './config.ts';

const SECRET_BYTES = 32;

/** The secrets that tokens are signed with: the current one first, then the one before it. */
export async function jwtSecrets(
  config: Pick<Config, 'jwtSecret' | 'jwtSecretPrevious' | 'databaseFolder'>,
): Promise<[string, ...string[]]> {
  const current = config.jwtSecret ?? (await secretBeside(config.databaseFolder!));
  return config.jwtSecretPrevious ? [current, config.jwtSecretPrevious] : [current];
}

/** The secret that is kept beside an embedded database; made when there is none. */
async function secretBeside(folder: string): Promise<string> {
  const file = `${folder.replace(/\/+$/, '')}.jwt-secret`;
  await mkdir(dirname(file), { recursive: true });
  const made = `${file}.${process.pid}`;
  await writeFile(made, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600 });
  try {
    // A link appears whole or not at all: of two processes that start together, both use the first one's.
    await link(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(made);
  }
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length < SECRET_BYTES) {
    throw new Error(
      `${file} holds ${secret.length} bytes; a secret has at least ${SECRET_BYTES}. Delete it to have one made.`,
    );
  }
  return secret;
}
