import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './config.ts';
import { linkInto, writeWhole } from './database/embedded/lock-files.ts';

const SECRET_BYTES = 32;

/** The secrets that tokens may be signed with: the current one, then the previous one if it is set. */
export async function jwtSecrets(
  config: Pick<Config, 'jwtSecret' | 'jwtSecretPrevious' | 'databaseFolder'>,
  warn: (message: string) => void = () => {},
): Promise<[string, ...string[]]> {
  const current = config.jwtSecret ?? (await secretBeside(config.databaseFolder!, warn));
  return config.jwtSecretPrevious ? [current, config.jwtSecretPrevious] : [current];
}

/** The secret stored beside an embedded database. Creates it if it is missing. */
async function secretBeside(folder: string, warn: (message: string) => void): Promise<string> {
  const file = `${resolve(folder)}.jwt-secret`;
  const found = await read(file);
  if (found === undefined && existsSync(join(folder, 'PG_VERSION')))
    warn(
      `${file} was missing, so a new secret was created. Tokens that were signed with the old secret are invalid.`,
    );
  const secret = found ?? (await createSecret(file));
  const bytes = Buffer.byteLength(secret);
  if (bytes < SECRET_BYTES) {
    throw new Error(
      `${file} must contain a secret of at least ${SECRET_BYTES} bytes; found ${bytes} bytes. Delete it, and the server creates a new one.`,
    );
  }
  return secret;
}

async function createSecret(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const newFile = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await writeWhole(newFile, randomBytes(SECRET_BYTES).toString('hex'), 0o600);
    // The file appears complete or not at all. If two processes start together, both use the first one's secret.
    await linkInto(newFile, file);
  } finally {
    await rm(newFile, { force: true });
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
