import type { VersionedLimits } from '../domain/limits.ts';
import type { LimitsRepository } from '../services/ports.ts';
import { assignments, type Connection, oneRow, type Sql, sql } from './sql.ts';

export const limitsRepository = (connection: Connection): LimitsRepository => {
  const read = async (accountId: number, lock: Sql): Promise<VersionedLimits> => {
    const limits = await oneRow<VersionedLimits>(
      connection,
      sql`
        select max_num_computers as "maxNumComputers", max_num_profiles as "maxNumProfiles",
          min_interval as "minInterval", version
        from script_profile_limits where account_id = ${accountId}::bigint ${lock}`,
    );
    // Made together with the account, so that there is a row to lock.
    if (!limits) throw new Error(`Account ${accountId} has no limits.`);
    return limits;
  };
  return {
    of: (accountId) => read(accountId, sql``),
    forUpdate: (accountId) => read(accountId, sql`for update`),
    async save(accountId, limits) {
      const columns = {
        max_num_computers: sql`${limits.maxNumComputers}::int`,
        max_num_profiles: sql`${limits.maxNumProfiles}::int`,
        min_interval: sql`${limits.minInterval}::int`,
        version: sql`version + 1`,
      };
      await connection.$executeRaw(
        sql`update script_profile_limits set ${assignments(columns)} where account_id = ${accountId}::bigint`,
      );
    },
  };
};
