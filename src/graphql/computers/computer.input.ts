import { ArgsType, Field, ID, InputType } from 'type-graphql';
import type { ComputerStatus } from '../../domain/computers/computer.ts';
import { invalid } from '../../domain/errors.ts';
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

export const TAGS = 'at most 1,000, each 1 to 255 letters, digits, `_` and `-`, not starting with `-`';
const COMPUTERS = 'Computers, by global id or number; at most 1,000.';
const MOST_COMPUTERS = 1000;
export const CHOSEN = 'Exactly one of `ids` and `query` says which ones.';
export const QUERY =
  'A search query, as in `computers(filter: { query })`, with at least one term, that asks for at most 1,000 accepted computers.';

@InputType('DistributionInput', { description: 'What a computer says of its Linux distribution.' })
class DistributionInput {
  @Field(() => String, { nullable: true, description: 'Such as `Ubuntu`. Maximum 255 characters.' })
  distributor?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Such as `Ubuntu 24.04.1 LTS`. Maximum 255 characters.',
  })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `24.04`. Maximum 255 characters.' })
  release?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `noble`. Maximum 255 characters.' })
  codeName?: string | null;
}

@InputType('EnrolComputerInput', { description: 'A computer that asks to be managed.' })
export class EnrolComputerInput {
  @Field(() => String, { description: 'Its name for itself: 1 to 255 letters, digits, `.`, `_` and `-`.' })
  hostname!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A name for people, 1 to 255 characters; the hostname unless told.',
  })
  title?: string | null;

  @Field(() => [String], { nullable: true, description: `The tags that it asks for: ${TAGS}.` })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of the group that it asks for. Defaults to `global`.',
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
    description: `${IDEMPOTENCY_KEY} A retry brings the same token again; so a computer with the registration key takes a random key, which nobody else knows.`,
  })
  idempotencyKey?: string | null;
}

@InputType('AcceptComputersInput', { description: 'Pending computers to accept.' })
export class AcceptComputersInput {
  @Field(() => [ID], { description: COMPUTERS })
  ids!: string[];

  @Field(() => [String], {
    nullable: true,
    description: `Instead of the tags that they asked for: ${TAGS}.`,
  })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of a group, instead of the one that they asked for.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Older computers, by global id or number, each the `possibleDuplicateOf` of one that is accepted. They are removed, and the history of their executions goes to the new ones. Requires the permission ManageComputer. Maximum 1,000.',
  })
  replace?: string[] | null;
}

@InputType('RejectComputersInput', { description: 'Pending computers to forget.' })
export class RejectComputersInput {
  @Field(() => [ID], { description: COMPUTERS })
  ids!: string[];
}

@InputType('RemoveComputerInput', { description: 'A computer to remove.' })
export class RemoveComputerInput {
  @Field(() => ID, { description: 'The computer, by its global id or its number.' })
  id!: string;
}

@InputType('RetagComputersInput', {
  description: `Tags to add and to take away; a tag in both is taken away. ${CHOSEN}`,
})
export class RetagComputersInput {
  @Field(() => [ID], { nullable: true, description: COMPUTERS })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: QUERY })
  query?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags to add: ${TAGS}. Nor may a computer come to have more than 1,000.`,
  })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags to take away.' })
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
    description: 'The name of the group. Required, unless `accessGroupId` names it.',
  })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;
}

@InputType('ComputerFilter', { description: 'Which computers to list: those that match all of it.' })
export class ComputerFilterInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A search query: terms side by side all hold, `OR` binds tighter, `NOT` and parentheses work, values with spaces are quoted. Terms: `id:`, `title:` and `hostname:` (whole), `tag:`, `access-group:`, `access-group-recursive:` (or below it), `profile:script:<number>` (associated with it); a word without a name is a part of title or hostname. `alert:computer-offline` is `isOffline`. Those of which nothing is known here, such as other alerts, match no computer. Maximum 16,384 characters, 1,000 terms (25 words or terms of `profile:`, 250 of `tag:`), 4,000 terms, parentheses and operators. Refused with INVALID_INPUT, which says where it breaks.',
  })
  query?: string | null;

  @Field(() => ComputerStatusEnum, {
    nullable: true,
    defaultValue: 'accepted',
    description: 'Pending or accepted computers. Defaults to ACCEPTED. Ignored beside `statuses`.',
  })
  status?: ComputerStatus | null;

  @Field(() => [ComputerStatusEnum], {
    nullable: true,
    description:
      'Computers in any of these statuses, instead of `status`. Null leaves the choice to `status`.',
  })
  statuses?: ComputerStatus[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of title or hostname, in upper or lower case. Maximum 255 characters.',
  })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tags, any of them. At most 1,000.' })
  tags?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of access groups: in any of them, or below. At most 1,000.',
  })
  accessGroups?: string[] | null;

  @Field(() => [ID], { nullable: true, description: GROUP_IDS })
  accessGroupIds?: string[] | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Enrolled in this time.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Accepted in this time.' })
  acceptedAt?: DateTimeRangeInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether its client was seen in the last 30 minutes.',
  })
  isOnline?: boolean | null;
}

const ComputerOrder = orderInput('Computer', {
  CREATED_AT: 'When it enrolled.',
  TITLE: 'Its title.',
  ID: 'Its number.',
});

/** For the computers of something. */
@ArgsType()
export class ComputersOfArgs extends ConnectionArgs {
  @Field(() => ComputerOrder, {
    nullable: true,
    defaultValue: defaultOrder.Computer,
    description: 'Order of the list. Defaults to ascending numbers.',
  })
  orderBy?: InstanceType<typeof ComputerOrder> | null;
}

@ArgsType()
export class ComputersArgs extends ComputersOfArgs {
  @Field(() => ComputerFilterInput, {
    nullable: true,
    description: 'Which ones to list. Defaults to accepted computers.',
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
  atMost(field, ids, MOST_COMPUTERS);
  return [...new Set(ids.map((id) => existingId('Computer', 'computer', id, field)))];
}

/** @throws Refusal INVALID_INPUT unless exactly one of both is given; NOT_FOUND */
export function chosenComputers({
  ids,
  query,
}: {
  readonly ids?: readonly string[] | null;
  readonly query?: string | null;
}): ComputerChoice {
  if (ids != null && query == null) return computerIds(ids);
  if (ids == null && query != null) return { query };
  throw invalid('ids', ids ?? undefined, 'given, unless `query` is: exactly one of the two');
}
