import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

/** @param pooled behind a pooler in transaction mode: another server session may take each statement, and knows no names */
export function postgresqlAdapter(
  pool: pg.Pool,
  { schema, pooled = false }: { schema?: string; pooled?: boolean } = {},
): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, {
    schema,
    ...(!pooled && { statementNameGenerator: statementNames() }),
  });
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const adapter: SqlDriverAdapter = await factory.connect();
      const start = adapter.startTransaction.bind(adapter);
      adapter.startTransaction = async (level) => {
        const tx = await start(level);
        const executeRaw = tx.executeRaw.bind(tx);
        // Prisma's client gives the connection of a canceled COMMIT back in the middle of its transaction, which refuses
        // all that the next user of the connection asks.
        tx.executeRaw = (query) =>
          executeRaw(query).catch(async (error) => {
            if (ENDINGS.includes(query.sql)) await executeRaw({ ...query, sql: 'ROLLBACK' }).catch(() => {});
            throw error;
          });
        return tx;
      };
      // The package's own splits the script at every semicolon, also in comments and strings, and gives each
      // piece to any connection. Sent whole, the script is one implicit transaction: a migration that fails
      // half way leaves nothing behind.
      adapter.executeScript = async (script) => {
        await pool.query(script);
      };
      return adapter;
    },
  };
}

const ENDINGS = ['COMMIT', 'ROLLBACK'];

/** Statements of which PostgreSQL keeps the plan; ours are fewer, and each connection remembers them. */
const mostNamed = 500;

/** The same text gets the same name, so that it is parsed and planned once a connection and not once a request. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < mostNamed) names.set(sql, `gateway_${names.size + 1}`);
    // Without a name it is forgotten once it has run.
    return names.get(sql) ?? '';
  };
}
