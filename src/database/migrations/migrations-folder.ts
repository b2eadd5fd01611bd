import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The same path from `src/database/migrations` (tests, tsx) and from `dist/database/migrations`. */
const prismaFolder = fileURLToPath(new URL('../../../prisma', import.meta.url));

export const migrationsFolder = join(prismaFolder, 'migrations');
export const schemaFile = join(prismaFolder, 'schema.prisma');

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** The checksum as the engine stores it in `_prisma_migrations`. */
  readonly checksum: string;
}

/** Reads the migrations in the order in which they apply, because names start with their UTC time. */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Converts the migrations to the engine's format. */
export function asMigrationList(migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
