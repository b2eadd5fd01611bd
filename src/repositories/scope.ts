import { and, bigints, raw, type Sql, sql } from '../database/sql.ts';
import type { Groups, Scope } from '../domain/accounts/access.ts';

/**
 * The rows `alias` of an account. A subquery binds the account as well, although its rows have the account of the outer
 * row, which is bound already. Citus finds the shard of a statement by values before it runs. A comparison with the
 * outer row tells it nothing, so it would ask all shards or refuse the statement.
 */
export const ofAccount = (accountId: number, alias: string): Sql =>
  sql`${raw(alias)}.account_id = ${accountId}::bigint`;

/** The rows `alias` that the caller may see: those of their account, in the access groups that they see. */
export const inScope = ({ accountId, groups }: Scope, alias: string): Sql[] => [
  ofAccount(accountId, alias),
  ...isAmong(raw(`${alias}.access_group_id`), groups),
];

/** Condition on the caller's groups. Empty if the caller sees all groups. */
export const isAmong = (column: Sql, groups: Groups): Sql[] =>
  groups === 'all' ? [] : [sql`${column} = any(${bigints(groups)})`];

/** Condition for rows that belong to a profile: the caller must see the profile. `id` is the profile's id. */
export const ofSeenProfile = (scope: Scope, id: Sql): Sql[] => ofSeen('script_profile', scope, id);

/** The same condition for rows that belong to a script. */
export const ofSeenScript = (scope: Scope, id: Sql): Sql[] => ofSeen('script', scope, id);

/** An activity `a` is visible if the profile of its run is. The run of a script without a profile is visible if the script is. */
export const seenActivity = (scope: Scope): Sql[] => [
  ofAccount(scope.accountId, 'a'),
  ...(scope.groups === 'all'
    ? []
    : [
        sql`exists (
          select from activity run
          where ${ofAccount(scope.accountId, 'run')} and run.id = coalesce(a.parent_id, a.id)
            and (${and(ofSeenProfile(scope, sql`run.script_profile_id`))}
              or ${and(ofSeenScript(scope, sql`run.script_id`))}))`,
      ]),
];

const ofSeen = (table: string, scope: Scope, id: Sql): Sql[] =>
  scope.groups === 'all'
    ? []
    : [sql`exists (select from ${raw(table)} seen where ${and(inScope(scope, 'seen'))} and seen.id = ${id})`];
