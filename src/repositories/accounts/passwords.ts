import { type Connection, type Sql, sql, timestamp } from '../../database/sql.ts';
import type { PasswordChange, PasswordRepository } from '../../services/accounts/log-in-ports.ts';
import { logInPersonColumns, logInPersonOf } from './log-ins.ts';

export const passwordRepository = (connection: Connection): PasswordRepository => {
  const dropLink = (accountId: number, personId: number) =>
    connection.passwordLink.deleteMany({ where: { accountId, personId } });

  return {
    async saveLink(accountId, personId, { tokenHash, expiresAt }) {
      await connection.person.updateMany({
        where: { accountId, id: personId },
        data: { accountManaged: true },
      });
      const key = { accountId, personId };
      await connection.passwordLink.upsert({
        where: { accountId_personId: key },
        create: { ...key, tokenHash, expiresAt },
        update: { tokenHash, expiresAt },
        select: { personId: true },
      });
    },

    hasLink: async (accountId, personId, tokenHash) =>
      (await connection.passwordLink.count({ where: { accountId, personId, tokenHash } })) > 0,

    async ownerOfLink(accountId, tokenHash, now) {
      const link = await connection.passwordLink.findFirst({
        where: { accountId, tokenHash, expiresAt: { gt: now } },
        select: { person: { select: logInPersonColumns } },
      });
      return link ? logInPersonOf(link.person) : undefined;
    },

    async takeLink(accountId, tokenHash) {
      const { count } = await connection.passwordLink.deleteMany({ where: { accountId, tokenHash } });
      return count > 0;
    },

    async set(accountId, personId, change) {
      await connection.$executeRaw(setPassword(accountId, personId, change));
      await dropLink(accountId, personId);
    },

    async replace(accountId, personId, { replacing, ...change }) {
      const replaced = await connection.$executeRaw(
        sql`${setPassword(accountId, personId, change)} and password_hash = ${replacing}`,
      );
      if (replaced === 0) return false;
      await dropLink(accountId, personId);
      return true;
    },
  };
};

/** Sets a password. The time from which tokens are valid never moves back, so that revoked tokens stay revoked. */
const setPassword = (
  accountId: number,
  personId: number,
  { passwordHash, validFrom }: PasswordChange,
): Sql => sql`
  update person set password_hash = ${passwordHash},
    tokens_valid_from = greatest(tokens_valid_from, ${timestamp(validFrom)})
  where account_id = ${accountId}::bigint and id = ${personId}::bigint`;
