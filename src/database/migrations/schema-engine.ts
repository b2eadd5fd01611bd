import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';

/**
 * Opens Prisma's own schema engine as WebAssembly. So the service migrates without the CLI (300 MB, and a binary from
 * the internet) and writes the same `_prisma_migrations` that `prisma migrate deploy` reads. The engine is 5 MB and
 * takes about 50 ms to load, so callers open it only if something must be migrated.
 */
export async function openSchemaEngine(connection: SqlDriverAdapter, schema?: string): Promise<SchemaEngine> {
  const engine = await loadOnce();
  // The engine requests a connection and disposes of it. Lending it our connection keeps all statements in one session, which
  // holds the lock. Only `createMigration` needs the shadow database, and no code calls it.
  const borrowed = Object.create(connection, { dispose: { value: async () => {} } }) as SqlDriverAdapter;
  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: async () => borrowed,
    connectToShadowDb: async () => {
      throw new Error('There is no shadow database.');
    },
  });
  const datamodels: [string, string][] | undefined = schema ? [['schema.prisma', schema]] : undefined;
  return engine.SchemaEngine.new({ datamodels }, () => {}, factory);
}

export const noFilter = { externalTables: [], externalEnums: [] };

/** The SQL that changes the database to match the schema. Empty if they agree. */
export async function difference(connection: SqlDriverAdapter, schema: string): Promise<string> {
  const engine = await openSchemaEngine(connection, schema);
  try {
    const files = [{ path: 'schema.prisma', content: schema }];
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '../../persistence' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: noFilter,
    });
    const sql = stdout?.trim() ?? '';
    return sql === '-- This is an empty migration.' ? '' : sql;
  } finally {
    engine.free();
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
let loading: Promise<Engine> | undefined;

function loadOnce(): Promise<Engine> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Engine> {
  const engine = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(glue.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': importsOf(engine) });
  (engine as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return engine;
}

/**
 * Imports with unreferenced timers. The engine never clears its ten-second lock timeout, which would keep a command
 * running.
 */
function importsOf(engine: Engine): WebAssembly.ModuleImports {
  const imports = { ...engine } as unknown as WebAssembly.ModuleImports;
  for (const name of Object.keys(imports).filter((importName) =>
    importName.startsWith('__wbg_setTimeout_'),
  )) {
    imports[name] = (callback: () => void, delay: number) => setTimeout(callback, delay >>> 0).unref();
  }
  return imports;
}
