import { defineConfig } from 'prisma/config';

// The connection is the server's own business (DATABASE_URL may name an embedded folder);
// the CLI is asked for `generate` only, and by operators with internet for `migrate deploy`.
export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  ...(process.env.DATABASE_URL?.startsWith('postgres')
    ? { datasource: { url: process.env.DATABASE_URL } }
    : {}),
});
