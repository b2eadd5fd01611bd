import type { AccessKey } from '../domain/access-key.ts';
import type { AccessKeyRepository } from '../services/log-in-ports.ts';
import { type Connection, insertInto, instant, rows, sql, timestamp } from './sql.ts';

export const accessKeyRepository = (connection: Connection): AccessKeyRepository => ({
  async lockOwner(accountId, personId) {
    await connection.$queryRaw(sql`
      select id from person where account_id = ${accountId}::bigint and id = ${personId}::bigint for update`);
  },

  ofPerson: (accountId, personId) =>
    rows<AccessKey>(
      connection,
      sql`
        select key, title, ${instant('created_at')} as "createdAt", ${instant('last_used_at')} as "lastUsedAt"
        from access_key where account_id = ${accountId}::bigint and person_id = ${personId}::bigint
        order by created_at, key`,
    ),

  async insert(accountId, personId, { key, title, secretHash, createdAt, lastUsedAt }) {
    const columns = {
      account_id: sql`${accountId}::bigint`,
      key: sql`${key}`,
      person_id: sql`${personId}::bigint`,
      title: sql`${title}`,
      secret_hash: sql`${secretHash}`,
      created_at: timestamp(createdAt),
      last_used_at: timestamp(lastUsedAt),
    };
    await connection.$executeRaw(insertInto('access_key', columns));
  },

  async remove(accountId, personId, key) {
    const [removed] = await connection.$queryRaw<{ title: string }[]>(sql`
      delete from access_key
      where account_id = ${accountId}::bigint and person_id = ${personId}::bigint and key = ${key}
      returning title`);
    return removed?.title;
  },

  async markUsed(accountId, key, now) {
    await connection.$executeRaw(sql`
      update access_key set last_used_at = ${timestamp(now)}
      where account_id = ${accountId}::bigint and key = ${key}`);
  },
});
