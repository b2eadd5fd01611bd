import { type Connection, oneRow, sql } from '../../database/sql.ts';
import type { VersionedLimits } from '../../domain/accounts/limits.ts';
import type { LimitsRepository } from '../../services/ports.ts';

export const limitsRepository = (connection: Connection): LimitsRepository => ({
  // The row always exists, because it is created with the account. So `forUpdate` has a row to lock.
  of: (accountId) =>
    connection.scriptProfileLimits.findUniqueOrThrow({ where: { accountId }, omit: { accountId: true } }),

  async forUpdate(accountId) {
    const limits = await oneRow<VersionedLimits>(
      connection,
      sql`
        select max_num_computers as "maxNumComputers", max_num_profiles as "maxNumProfiles",
          min_interval as "minInterval", version
        from script_profile_limits where account_id = ${accountId}::bigint for update`,
    );
    return limits!;
  },

  async save(accountId, { maxNumComputers, maxNumProfiles, minInterval }) {
    await connection.scriptProfileLimits.update({
      where: { accountId },
      data: { maxNumComputers, maxNumProfiles, minInterval, version: { increment: 1 } },
    });
  },
});
