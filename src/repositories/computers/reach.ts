import { and, type Sql, sql } from '../../database/sql.ts';
import { type Scope, wholeAccount } from '../../domain/accounts/access.ts';
import type { Target } from '../../domain/computers/association.ts';
import type { Reached } from '../../services/computers/computer-ports.ts';
import { inScope, isAmong, ofAccount } from '../scope.ts';

const NO_COMPUTERS: Reached = { all: 0, seen: 0 };

/** A target as it was read, with the number of computers that it reaches. */
export interface Counted extends Reached {
  readonly target: Target;
}

/** Finds the count of each target, because several targets may share one. A null target reaches no computer. */
export function countsOfTargets(targets: readonly (Target | null)[], counted: readonly Counted[]): Reached[] {
  const counts = new Map(counted.map(({ target, all, seen }) => [keyOf(target), { all, seen }]));
  return targets.map((target) => (target && counts.get(keyOf(target))) ?? NO_COMPUTERS);
}

/** Key of a target. Equal targets have equal keys. */
export const keyOf = ({ accessGroupId, allComputers, tags }: Target): string =>
  JSON.stringify([accessGroupId, allComputers, tags]);

/** Whether a computer `m` of the account has any of these tags. */
export const tagged = (accountId: number, tags: Sql): Sql => sql`exists (
  select 1 from computer_tag t
  where ${ofAccount(accountId, 't')} and t.computer_id = m.id and t.tag = any(${tags}))`;

/** For a run, the computers `m` that a target reaches. */
export const reachedBy = (accountId: number, target: Target): { from: Sql; where: Sql } => ({
  from: sql`(${targetRows([target])}) owner, computer m`,
  where: and(reached(wholeAccount(accountId))),
});

/** The rule of domain/computers/association.ts, as a condition on computers `m` for a target in `owner`. */
export const reached = (scope: Scope): Sql[] => [
  ...inScope(scope, 'm'),
  sql`m.status = 'accepted'`,
  sql`m.access_group_id in (
    select reach.below_id from access_group_reach reach
    where ${ofAccount(scope.accountId, 'reach')} and reach.above_id = owner.access_group_id)`,
  sql`(owner.all_computers or ${tagged(scope.accountId, sql`owner.tags`)})`,
];

/**
 * For each of the `owners`, the number of computers that it reaches, and how many of these the caller may see. The rule
 * is that of `reached`, but counted by group and by tag. All owners share the counts of whole groups and the computers
 * of each tag. A separate lookup for each owner would cost three times as much.
 */
export const countsReached = (scope: Scope, owners: Sql): Sql => {
  const accountId = sql`${scope.accountId}::bigint`;
  const isSeen = (group: Sql) => and(isAmong(group, scope.groups));
  const reaching = (group: Sql) => sql`
    join access_group_reach reach
      on reach.account_id = ${accountId} and reach.above_id = owner.access_group_id and reach.below_id = ${group}`;
  return sql`
    with owner as materialized (${owners}),
    by_group as materialized (
      select m.access_group_id, count(*) as all, count(*) filter (where ${isSeen(sql`m.access_group_id`)}) as seen
      from computer m where m.account_id = ${accountId} and m.status = 'accepted' group by m.access_group_id),
    by_tag as materialized (
      select t.tag, m.access_group_id, array_agg(m.id) as ids
      from computer_tag t
      join computer m on m.account_id = t.account_id and m.id = t.computer_id and m.status = 'accepted'
      where t.account_id = ${accountId}
        and t.tag = any(array(select distinct unnest(tags) from owner where not all_computers))
      group by t.tag, m.access_group_id)
    select owner.n, whole.all + tagged.all as all, whole.seen + tagged.seen as seen
    from owner
    cross join lateral (
      select coalesce(sum(by_group.all), 0)::bigint as all, coalesce(sum(by_group.seen), 0)::bigint as seen
      from by_group ${reaching(sql`by_group.access_group_id`)}
      where owner.all_computers) whole
    cross join lateral (
      select count(*) as all, count(*) filter (where ${isSeen(sql`computer.access_group_id`)}) as seen
      from (
        select distinct by_tag.access_group_id, id
        from by_tag ${reaching(sql`by_tag.access_group_id`)} cross join unnest(by_tag.ids) as ids(id)
        where not owner.all_computers and by_tag.tag = any(owner.tags)) computer) tagged`;
};

/** Targets as rows with a position. Null targets have no row, so they reach no computer. */
export function targetRows(targets: readonly (Target | null)[]): Sql {
  const json = targets.map((target) => target && { ...target });
  return sql`
    select n, (target->>'accessGroupId')::bigint as access_group_id, (target->>'allComputers')::boolean as all_computers,
      array(select json_array_elements_text(target->'tags')) as tags
    from json_array_elements(${JSON.stringify(json)}::json) with ordinality as targets(target, n)
    where json_typeof(target) = 'object'`;
}
