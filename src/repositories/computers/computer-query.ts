import { and, contains, empty, type Sql, sql, texts, timestamp } from '../../database/sql.ts';
import { type SearchScope, wholeAccount } from '../../domain/accounts/access.ts';
import type { SearchQuery } from '../../domain/search/search-query.ts';
import type { ComputerCondition } from '../../domain/search/search-terms.ts';
import { composed } from '../../domain/text.ts';
import type { Instant } from '../../domain/time.ts';
import { inGroups } from '../accounts/access-groups.ts';
import { inScope, ofAccount } from '../scope.ts';
import { matching } from '../search-query.ts';
import { reached, tagged } from './reach.ts';

/** The tables for conditions on computers: `m` is the computer, `g` its access group. */
export const from = sql`
  computer m
  join access_group g on g.account_id = m.account_id and g.id = m.access_group_id`;

/** A pending computer only has requested tags. */
export const withTags = (accountId: number, tags: readonly string[]): Sql => sql`(
  m.status = 'pending' and m.requested_tags && ${texts(tags)} or m.status = 'accepted' and ${tagged(accountId, texts(tags))})`;

export const nameContains = (part: string): Sql =>
  sql`(${contains(sql`m.title`, part)} or ${contains(sql`m.hostname`, part)})`;

export const wasSeen = (
  accountId: number,
  { is, since }: { is: boolean; since: Instant },
): Sql => sql`${is ? empty : sql`not`} exists (
  select from agent s
  where ${ofAccount(accountId, 's')} and s.computer_id = m.id and s.last_seen_at > ${timestamp(since)})`;

/**
 * Whether the client of `m` was not seen since then. Without a client, whether `m` has never taken an execution. A pending
 * computer is not offline.
 */
export const isOffline = (accountId: number, since: Instant): Sql => sql`m.status = 'accepted' and coalesce(
  (select s.last_seen_at <= ${timestamp(since)} from agent s
   where ${ofAccount(accountId, 's')} and s.computer_id = m.id and s.last_seen_at is not null),
  not exists (
    select from activity a
    where ${ofAccount(accountId, 'a')} and a.computer_id = m.id and a.delivery_time is not null))`;

/** For activities: the ids of the computers that a query matches and that the caller may see. */
export const computersInQuery = (scope: SearchScope, query: SearchQuery<ComputerCondition>): Sql => {
  const seen = inScope({ ...scope, groups: scope.computers }, 'm');
  return sql`select m.id from ${from} where ${and([...seen, inQuery(scope, query)])}`;
};

export const inQuery = (scope: SearchScope, query: SearchQuery<ComputerCondition>): Sql =>
  matching(query, (asked) => {
    switch (asked.kind) {
      case 'keyword':
        return nameContains(asked.part);
      case 'id':
        return sql`m.id = ${asked.id}::bigint`;
      case 'title':
        return sql`m.title = ${composed(asked.text)}`;
      case 'hostname':
        return sql`m.hostname = ${asked.text}`;
      case 'tag':
        return withTags(scope.accountId, [asked.text]);
      case 'accessGroup':
        return asked.below
          ? inGroups(scope, sql`m.access_group_id`, [asked.name])
          : sql`g.name = ${asked.name}`;
      case 'scriptProfile': {
        // Without this condition, the result would reveal which computers a hidden profile reaches.
        const seen = inScope({ ...scope, groups: scope.scriptProfiles }, 'owner');
        // A list that PostgreSQL computes once. A correlated condition would run again for every computer.
        return sql`m.id in (
          select m.id from script_profile owner, computer m
          where ${and(seen)} and owner.id = ${asked.id}::bigint
            and not owner.archived and owner.trigger_kind <> 'event' and ${and(reached(wholeAccount(scope.accountId)))})`;
      }
      // A query within one for activities is not given the time.
      case 'offline':
        return asked.since === null ? sql`false` : isOffline(scope.accountId, asked.since);
      case 'nothing':
        return sql`false`;
    }
  });
