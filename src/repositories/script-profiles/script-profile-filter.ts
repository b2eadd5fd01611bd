import { and, bigints, contains, type Sql, sql, texts, within } from '../../database/sql.ts';
import type { SearchScope } from '../../domain/accounts/access.ts';
import type { ScriptProfileState } from '../../domain/script-profiles/script-profile.ts';
import { composed } from '../../domain/text.ts';
import type { ScriptProfileFilter } from '../../services/script-profiles/script-profile-ports.ts';
import { inGroups, inGroupsWith } from '../accounts/access-groups.ts';
import { countsReached, tagged } from '../computers/reach.ts';
import { inScope, isAmong, ofAccount } from '../scope.ts';

/** The rule of `stateOf` in the domain, for a profile `p`. */
const state = sql`
  case when p.archived then 'ARCHIVED' when p.is_finished then 'FINISHED'
    when p.paused_at is not null then 'PAUSED' else 'ACTIVE' end`;

/** The status of the newest run of a profile `p`. Null if the profile never ran, or if the run was deleted. */
const lastRunStatus = (accountId: number): Sql => sql`(
  select a.status from activity a
  where ${ofAccount(accountId, 'a')} and a.script_profile_id = p.id
  order by a.creation_time desc, a.id desc limit 1)`;

/**
 * Whether the next run of a profile `p` would reach this computer. The caller must see the computer, because the filter
 * would otherwise reveal it.
 */
const reaches = ({ accountId, computers }: SearchScope, computerId: number): Sql => sql`
  not p.archived and p.trigger_kind <> 'event' and exists (
    select from computer m
    join access_group_reach reach on reach.account_id = m.account_id and reach.below_id = m.access_group_id
    where ${and([
      sql`m.account_id = ${accountId}::bigint and m.id = ${computerId}::bigint and m.status = 'accepted'`,
      sql`reach.above_id = p.access_group_id`,
      sql`(p.all_computers or ${tagged(accountId, sql`p.tags`)})`,
      ...isAmong(sql`m.access_group_id`, computers),
    ])})`;

/** Conditions on profiles `p`. */
export function matchingProfiles(scope: SearchScope, filter: ScriptProfileFilter): Sql[] {
  const { status, search, titles, triggerKinds, tags, scriptIds, accessGroups } = filter;
  const where = [
    ...inScope(scope, 'p'),
    ...within(sql`p.created_at`, filter.createdAt),
    ...within(sql`p.last_edited_at`, filter.lastEditedAt),
    ...within(sql`p.next_run`, filter.nextRun),
    ...within(sql`p.last_run`, filter.lastRun),
  ];
  if (status !== 'ALL') where.push(sql`p.archived = ${status === 'ARCHIVED'}::boolean`);
  if (search) where.push(contains(sql`p.title`, search));
  if (titles) where.push(sql`p.title = any(${texts(titles.map(composed))})`);
  if (triggerKinds) where.push(sql`p.trigger_kind = any(${texts(triggerKinds)})`);
  if (tags) where.push(sql`p.tags && ${texts(tags)}`);
  if (scriptIds) where.push(sql`p.script_id = any(${bigints(scriptIds)})`);
  if (accessGroups) where.push(inGroups(scope, sql`p.access_group_id`, accessGroups));
  if (filter.accessGroupIds) where.push(inGroupsWith(scope, sql`p.access_group_id`, filter.accessGroupIds));
  if (filter.states)
    where.push(sql`${state} = any(${texts(filter.states satisfies readonly ScriptProfileState[])})`);
  if (filter.lastRunStatuses)
    where.push(sql`${lastRunStatus(scope.accountId)} = any(${texts(filter.lastRunStatuses)})`);
  if (filter.createdByIds) where.push(sql`p.created_by_id = any(${bigints(filter.createdByIds)})`);
  if (filter.reachesComputerId != null) where.push(reaches(scope, filter.reachesComputerId));
  return where;
}

/**
 * The table `p` with the number of computers that the next run of each profile reaches. Each target is counted once,
 * however many profiles share it.
 */
export const withNumComputers = (scope: SearchScope): Sql => {
  const ofAccount = sql`account_id = ${scope.accountId}::bigint and not archived and trigger_kind <> 'event'`;
  const targets = sql`
    select row_number() over () as n, alike.* from (
      select distinct access_group_id, all_computers, tags from script_profile where ${ofAccount}) alike`;
  return sql`(
    select profile.*, coalesce(counted.number, 0) as num_computers
    from script_profile profile left join (
      select target.access_group_id, target.all_computers, target.tags, reached.all as number
      from (${targets}) target join (${countsReached(scope, targets)}) reached using (n)) counted
      on not profile.archived and profile.trigger_kind <> 'event'
        and counted.access_group_id = profile.access_group_id and counted.all_computers = profile.all_computers
        and counted.tags = profile.tags
    where profile.account_id = ${scope.accountId}::bigint) p`;
};
