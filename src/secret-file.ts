import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './config.ts';
import { linkInto, writeWhole } from './database/embedded/lock-files.ts';

const SECRET_BYTES = 32;

/** The secrets that tokens are signed with: the current one first, then the one before it. */
export async function jwtSecrets(
  config: Pick<Config, 'jwtSecret' | 'jwtSecretPrevious' | 'databaseFolder'>,
  warn: (message: string) => void = () => {},
): Promise<[string, ...string[]]> {
  const current = config.jwtSecret ?? (await secretBeside(config.databaseFolder!, warn));
  return config.jwtSecretPrevious ? [current, config.jwtSecretPrevious] : [current];
}

/** The secret that is kept beside an embedded database; made when there is none. */
async function secretBeside(folder: string, warn: (message: string) => void): Promise<string> {
  const file = `${resolve(folder)}.jwt-secret`;
  const found = await read(file);
  if (found === undefined && existsSync(join(folder, 'PG_VERSION')))
    warn(
      `${file} was missing, so a new secret was created. Tokens that were signed with the old secret are invalid.`,
    );
  const secret = found ?? (await make(file));
  const bytes = Buffer.byteLength(secret);
  if (bytes < SECRET_BYTES) {
    throw new Error(
      `${file} must contain a secret of at least ${SECRET_BYTES} bytes; found ${bytes} bytes. Delete it, and the server creates a new one.`,
    );
  }
  return secret;
}

async function make(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const made = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeWhole(made, randomBytes(SECRET_BYTES).toString('hex'), 0o600);
    // It appears whole or not at all: of two processes that start together, both use the first one's.
    await linkInto(made, file);
  } finally {
    await rm(made, { force: true });
  }
  return (await read(file)) ?? '';
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new Error(
        `The secret for signing tokens cannot be read: ${error.message}. Make ${file} readable for ` +
          'this user, or set JWT_SECRET.',
      );
    },
  );
}
