import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

/**
 * @param pooled true behind a pooler in transaction mode. There each statement may reach another session, which does
 * not know our statement names
 */
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
        // After a canceled COMMIT, Prisma's client returns the connection to the pool inside its failed transaction.
        // That transaction would reject all statements of the next user, so roll it back.
        tx.executeRaw = (query) =>
          executeRaw(query).catch(async (error) => {
            if (ENDINGS.includes(query.sql)) await executeRaw({ ...query, sql: 'ROLLBACK' }).catch(() => {});
            throw error;
          });
        return tx;
      };
      // The package's own version splits the script at every semicolon, even in comments and strings, and runs each
      // part on any connection. Sent whole, the script is one implicit transaction, so a migration that fails half way
      // leaves nothing behind.
      adapter.executeScript = async (script) => {
        await pool.query(script);
      };
      return adapter;
    },
  };
}

const ENDINGS = ['COMMIT', 'ROLLBACK'];

/** Maximum number of statements with a stored plan. The gateway has fewer, and each connection stores them. */
const mostNamed = 500;

/** Gives the same text the same name, so PostgreSQL parses and plans it once a connection and not once a request. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    if (!names.has(sql) && names.size < mostNamed) names.set(sql, `gateway_${names.size + 1}`);
    // PostgreSQL forgets a statement without a name after it has run.
    return names.get(sql) ?? '';
  };
}
