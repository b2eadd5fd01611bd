import { type Connection, type Sql, sql, timestamp } from '../../database/sql.ts';
import type { ShownToken } from '../../domain/accounts/access.ts';
import type { TokenRepository } from '../../services/accounts/log-in-ports.ts';

/**
 * Whether this token of person `p` in account `a` is not revoked: by log-out, with all other tokens, or with its key.
 */
export const notRevoked = ({ id, issuedAt, accessKey }: ShownToken): Sql => sql`
  not exists (select from revoked_token r where r.account_id = a.id and r.token_id = ${id})
  and coalesce(greatest(a.tokens_valid_from, p.tokens_valid_from) <= ${timestamp(issuedAt)}, true)
  and (${accessKey ?? null}::text is null or exists (select from access_key k where k.key = ${accessKey ?? null}::text))`;

export const tokenRepository = (connection: Connection): TokenRepository => ({
  async revoke(accountId, tokenId, expiresAt) {
    await connection.revokedToken.createMany({
      data: { accountId, tokenId, expiresAt },
      skipDuplicates: true,
    });
  },

  async forgetExpired(accountId, now) {
    await connection.revokedToken.deleteMany({ where: { accountId, expiresAt: { lt: now } } });
  },

  async invalidatePerson(accountId, personId, validFrom) {
    await connection.$executeRaw(sql`
      update person set tokens_valid_from = greatest(tokens_valid_from, ${timestamp(validFrom)})
      where account_id = ${accountId}::bigint and id = ${personId}::bigint`);
  },

  async invalidateAccount(accountId, validFrom) {
    await connection.$executeRaw(sql`
      update account set tokens_valid_from = greatest(tokens_valid_from, ${timestamp(validFrom)})
      where id = ${accountId}::bigint`);
  },
});
