import { type Connection, instant, rows, sql } from '../../database/sql.ts';
import type { AccessKey } from '../../domain/accounts/access-key.ts';
import type { AccessKeyRepository } from '../../services/accounts/log-in-ports.ts';

// SQL reads the times that the API shows, because Prisma would cut off their microseconds.

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
    await connection.accessKey.create({
      data: { accountId, personId, key, title, secretHash, createdAt, lastUsedAt },
    });
  },

  async remove(accountId, personId, key) {
    const where = { accountId, personId, key };
    const found = await connection.accessKey.findFirst({ where, select: { title: true } });
    const { count } = await connection.accessKey.deleteMany({ where });
    return count > 0 ? found?.title : undefined;
  },

  async markUsed(accountId, key, now) {
    await connection.accessKey.updateMany({ where: { accountId, key }, data: { lastUsedAt: now } });
  },
});
