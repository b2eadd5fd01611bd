import { ArgsType, Field, ID, InputType } from 'type-graphql';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import { insteadOf, invalid } from '../../domain/errors.ts';
import type { ComputerChoice } from '../../services/computers/computer-choice.ts';
import type { ComputerSearch } from '../../services/computers/computers.ts';
import { GROUP_ID, GROUP_IDS } from '../accounts/access-group.input.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { databaseIdOf, existingId } from '../common/global-id.ts';
import { IDEMPOTENCY_KEY } from '../common/idempotency-key.ts';
import { atMost, checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { ComputerStatusEnum } from './computer.type.ts';

export const TAGS =
  'Each has 1 to 255 letters, digits, `_` and `-`, and does not start with `-`. Maximum 1,000.';
const COMPUTERS = 'Global ids or numbers of computers. Maximum 1,000.';
const MAX_COMPUTERS = 1000;
export const CHOSEN = 'Exactly one of `ids` and `query` is required.';
export const QUERY =
  'Search query as in `computers(filter: { query })`, with at least one term. It may match at most 1,000 accepted computers.';

@InputType('DistributionInput', { description: 'Linux distribution of a computer.' })
class DistributionInput {
  @Field(() => String, {
    nullable: true,
    description: 'Distributor, such as `Ubuntu`. Maximum 255 characters.',
  })
  distributor?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Description, such as `Ubuntu 24.04.1 LTS`. Maximum 255 characters.',
  })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Release, such as `24.04`. Maximum 255 characters.' })
  release?: string | null;

  @Field(() => String, { nullable: true, description: 'Code name, such as `noble`. Maximum 255 characters.' })
  codeName?: string | null;
}

@InputType('EnrolComputerInput', { description: 'Computer that asks to be managed.' })
export class EnrolComputerInput {
  @Field(() => String, {
    description: 'Hostname of the machine: 1 to 255 letters, digits, `.`, `_` and `-`.',
  })
  hostname!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Title for display: 1 to 255 characters. Defaults to the hostname.',
  })
  title?: string | null;

  @Field(() => [String], { nullable: true, description: `Tags that it asks for. ${TAGS}` })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the access group that it asks for. Defaults to `global`.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;

  @Field(() => DistributionInput, {
    nullable: true,
    description: 'Its Linux distribution, until its client reports it. Defaults to unknown.',
  })
  distribution?: DistributionInput | null;

  @Field(() => String, {
    nullable: true,
    description: `${IDEMPOTENCY_KEY} A retry also returns the same token, so a computer that enrols with the registration key must use a random, secret key.`,
  })
  idempotencyKey?: string | null;
}

@InputType('AcceptComputersInput', { description: 'Pending computers to accept.' })
export class AcceptComputersInput {
  @Field(() => [ID], { description: COMPUTERS })
  ids!: string[];

  @Field(() => [String], {
    nullable: true,
    description: `Tags for all of these computers. ${TAGS} Defaults to the tags that each computer asked for.`,
  })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the access group for all of these computers. Defaults to the group that each computer asked for.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Global ids or numbers of older computers to remove. Each must be the `possibleDuplicateOf` of a computer in `ids`, which takes over its execution history. Defaults to none. Maximum 1,000. Requires ManageComputer.',
  })
  replace?: string[] | null;
}

@InputType('RejectComputersInput', { description: 'Pending computers to reject.' })
export class RejectComputersInput {
  @Field(() => [ID], { description: COMPUTERS })
  ids!: string[];
}

@InputType('RemoveComputerInput', { description: 'Computer to remove.' })
export class RemoveComputerInput {
  @Field(() => ID, { description: 'Global id or number of the computer.' })
  id!: string;
}

@InputType('RetagComputersInput', {
  description: `Tags to add to computers and to remove from them. A tag in both lists is removed. ${CHOSEN}`,
})
export class RetagComputersInput {
  @Field(() => [ID], { nullable: true, description: COMPUTERS })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: QUERY })
  query?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags to add. ${TAGS} No computer may exceed 1,000 tags after the change.`,
  })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags to remove.' })
  remove?: string[] | null;
}

@InputType('RegroupComputersInput', {
  description: `Computers to move to another access group. ${CHOSEN}`,
})
export class RegroupComputersInput {
  @Field(() => [ID], { nullable: true, description: COMPUTERS })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: QUERY })
  query?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the access group. Required unless `accessGroupId` is given.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;
}

@InputType('ComputerFilter', {
  description: 'Filter of a list of computers. A computer must match all fields.',
})
export class ComputerFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Search query. Adjacent terms must all match. `OR` binds more tightly than adjacency. `NOT` and parentheses are supported. Values with spaces must be quoted. Terms are `id:`, `title:` and `hostname:` (exact), `tag:`, `access-group:`, `access-group-recursive:` (includes descendants) and `profile:script:<number>` (computers associated with this profile). A word without a term name matches a part of the title or hostname. `alert:computer-offline` is `isOffline`. Terms for data that this server does not have, such as other alerts, match no computer. Maximum 16,384 characters. Maximum 1,000 terms, of which 25 may be words or `profile:`, and 250 `tag:`. Maximum 4,000 terms, parentheses and operators together. Refused with INVALID_INPUT, which names the position of the error.',
  })
  query?: string | null;

  @Field(() => ComputerStatusEnum, {
    nullable: true,
    defaultValue: 'accepted',
    description: 'Status of the computers. Defaults to ACCEPTED. Ignored if `statuses` is given.',
  })
  status?: ComputerStatus | null;

  @Field(() => [ComputerStatusEnum], {
    nullable: true,
    description: 'Statuses of the computers, instead of `status`. Defaults to the value of `status`.',
  })
  statuses?: ComputerStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Part of the title or hostname. Case is ignored. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Tags, of which a computer must have at least one. Maximum 1,000.',
  })
  tags?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of access groups. Matches objects in any of these groups or their descendants. Maximum 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], { nullable: true, description: GROUP_IDS })
  accessGroupIds?: string[] | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the enrolment.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the acceptance.' })
  acceptedAt?: DateTimeRangeInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the client was seen in the last 30 minutes. If omitted, both are included.',
  })
  isOnline?: boolean | null;
}

const ComputerOrder = orderInput('Computer', {
  CREATED_AT: 'Time of enrolment.',
  TITLE: 'Title.',
  ID: 'Number.',
});

/** Arguments for the computers of another object. */
@ArgsType()
export class ComputersOfArgs extends ConnectionArgs {
  @Field(() => ComputerOrder, {
    nullable: true,
    defaultValue: defaultOrder.Computer,
    description: 'Sort order. Defaults to ascending numbers.',
  })
  orderBy?: InstanceType<typeof ComputerOrder> | null;
}

@ArgsType()
export class ComputersArgs extends ComputersOfArgs {
  @Field(() => ComputerFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to accepted computers.',
  })
  filter?: ComputerFilterInput | null;
}

/** @throws Refusal INVALID_INPUT */
export function computerFilter(filter: ComputerFilterInput | null | undefined): ComputerSearch {
  const { query, status, statuses, ...input } = filter ?? {};
  const { accessGroupIds, ...checked } = checkFilter(input);
  return {
    ...checked,
    query,
    statuses: statuses ?? [status ?? 'accepted'],
    accessGroupIds: accessGroupIds?.map((id) => databaseIdOf('AccessGroup', id)),
  };
}

/** @throws Refusal INVALID_INPUT, NOT_FOUND */
export function computerIds(ids: readonly string[], field = 'ids'): number[] {
  atMost(field, ids, MAX_COMPUTERS);
  return [...new Set(ids.map((id) => existingId('Computer', 'computer', id, field)))];
}

/**
 * Returns the choice of computers, by ids or by a query.
 * @throws Refusal INVALID_INPUT unless exactly one of them is given; NOT_FOUND
 */
export function chosenComputers({
  ids,
  query,
}: {
  readonly ids?: readonly string[] | null;
  readonly query?: string | null;
}): ComputerChoice {
  if (ids != null && query == null) return computerIds(ids);
  if (ids == null && query != null) return { query };
  throw invalid('ids', ids ?? undefined, insteadOf('query'));
}
