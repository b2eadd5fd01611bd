import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import pg from 'pg';

/**
 * The PostgreSQL databases of a run are named `gateway_test_<machine>_<jest's pid>_…`. So several runs can share a
 * server, and the databases of a killed run are recognised by its missing process.
 */
export const machinePrefix = `gateway_test_${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}_`;

/** The URL of another database on the same server. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

export async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** jest.config.js sets the variable for its projects. */
export const testDatabase = () => (globalThis as { testDatabase?: 'postgresql' | 'citus' }).testDatabase;

export const isOnCitus = () => testDatabase() === 'citus';

export function testServer(): string {
  return isOnCitus() ? citusServer() : serverOf('TEST_DATABASE_URL');
}

export const citusServer = () => serverOf('TEST_CITUS_URL');

function serverOf(variable: string): string {
  const server = process.env[variable];
  if (!server) throw new Error(`${variable} must name a PostgreSQL server.`);
  return server;
}
