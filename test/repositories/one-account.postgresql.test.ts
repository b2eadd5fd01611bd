import { readFile } from 'node:fs/promises';
import { onServer } from '../support/server.ts';
import { partitionOf, watchPartitions } from '../support/visited-partitions.ts';
import { oneAccount } from './one-account.ts';

// The tables are partitioned by account, as in docs/past-one-database.md. PostgreSQL reports the partitions that each
// statement visits.

oneAccount({
  parts: 8,
  async spread(url) {
    const page = await readFile(new URL('../../docs/past-one-database.md', import.meta.url), 'utf8');
    const [, statements] = /```sql\n(.*?)```/s.exec(page)!;
    await onServer(url, (client) => client.query(statements!));
  },
  watch: watchPartitions,
  isBound: ({ partitions }) => partitions.length > 0,
  partOf: partitionOf,
});
