import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Computer } from '../../domain/computers/computer.ts';
import { insteadOf, invalid, notFound } from '../../domain/errors.ts';
import { groupRef } from '../accounts/access-group.input.ts';
import { ActivitiesArgs, activitiesOf } from '../activities/activity.input.ts';
import { ActivityConnection, ActivityNodeType } from '../activities/activity.type.ts';
import { Connection, listingOf } from '../common/connection.ts';
import { payload } from '../common/errors.ts';
import { databaseIdOf, existingId, globalId } from '../common/global-id.ts';
import { nodeResolver } from '../common/node.resolver.ts';
import { Payload } from '../common/payload.ts';
import { SafeInt } from '../common/scalars.ts';
import type { GraphContext } from '../context.ts';
import {
  AcceptComputersInput,
  ComputersArgs,
  chosenComputers,
  computerFilter,
  computerIds,
  EnrolComputerInput,
  RegroupComputersInput,
  RejectComputersInput,
  RemoveComputerInput,
  RetagComputersInput,
} from './computer.input.ts';
import { ComputerConnection, ComputerType } from './computer.type.ts';

@ObjectType('EnrolComputerPayload', { description: 'Result of `enrolComputer`.', simpleResolvers: true })
class EnrolComputerPayload extends Payload {
  @Field(() => ComputerType, { nullable: true, description: 'The enrolled computer. Null if refused.' })
  computer?: Computer;

  @Field(() => String, {
    nullable: true,
    description:
      'The computer’s own token, for `takeExecutions` and `reportExecution`. It is never shown again. Null if refused.',
  })
  token?: string;
}

@ObjectType({ simpleResolvers: true })
abstract class ComputersPayload extends Payload {
  @Field(() => [ComputerType], {
    nullable: true,
    description: 'The computers after the mutation. Null if refused.',
  })
  computers?: readonly Computer[];
}

@ObjectType('AcceptComputersPayload', { description: 'Result of `acceptComputers`.', simpleResolvers: true })
class AcceptComputersPayload extends ComputersPayload {}

@ObjectType('RetagComputersPayload', { description: 'Result of `retagComputers`.', simpleResolvers: true })
class RetagComputersPayload extends ComputersPayload {}

@ObjectType('RegroupComputersPayload', {
  description: 'Result of `regroupComputers`.',
  simpleResolvers: true,
})
class RegroupComputersPayload extends ComputersPayload {}

@ObjectType('RejectComputersPayload', { description: 'Result of `rejectComputers`.', simpleResolvers: true })
class RejectComputersPayload extends Payload {
  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of the rejected computers. Null if refused.',
  })
  rejectedIds?: string[];

  @Field(() => [ComputerType], {
    nullable: true,
    description: 'Computers in their state before the removal. Null if refused.',
  })
  computers?: readonly Computer[];
}

@ObjectType('RemoveComputerPayload', { description: 'Result of `removeComputer`.', simpleResolvers: true })
class RemoveComputerPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Global id of the removed computer. Null if refused.',
  })
  removedId?: string;
}

@ObjectType('TagCount', {
  description: 'A tag, with the number of computers that have it.',
  simpleResolvers: true,
})
class TagCountType {
  @Field(() => String, { description: 'The tag.' })
  tag!: string;

  @Field(() => SafeInt, {
    description: 'Number of accepted computers with this tag that the caller may see.',
  })
  numComputers!: number;
}

@Resolver(() => ComputerType)
export class ComputerResolver extends nodeResolver(ComputerType, 'Computer') {
  @Query(() => ComputerConnection, {
    nullable: true,
    description: 'Computers of the account. Defaults to accepted computers, sorted by number.',
  })
  async computers(@Args(() => ComputersArgs) args: ComputersArgs, @Ctx() context: GraphContext) {
    const { services, caller, pageLoader } = context;
    const listing = listingOf('Computer', args, context);
    const filter = computerFilter(args.filter);
    const slice = await services.computers.page(caller, { filter, ...listing });
    pageLoader.register(slice.rows);
    return new Connection('Computer', slice, listing.order, () => services.computers.count(caller, filter));
  }

  @Query(() => ComputerType, {
    nullable: true,
    description:
      'One computer, pending or accepted. NOT_FOUND if it does not exist or the caller may not see it.',
  })
  async computer(
    @Arg('id', () => ID, { description: 'Global id or number of the computer.' }) id: string,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<Computer> {
    const [computer] = await services.computers.byIds(caller, [databaseIdOf('Computer', id)]);
    if (!computer) throw notFound('computer', id);
    return computer;
  }

  @FieldResolver(() => ActivityConnection, {
    description:
      'Executions on this computer that the caller may see (ViewScriptProfile). Defaults to newest first.',
  })
  activities(
    @Root() computer: Computer,
    @Args(() => ActivitiesArgs) args: ActivitiesArgs,
    @Ctx() context: GraphContext,
  ) {
    return activitiesOf(computer, 'computerId', args, context);
  }

  @FieldResolver(() => ActivityNodeType, {
    nullable: true,
    description:
      'Newest execution on this computer. Null before the first execution, and if the caller may not see it (ViewScriptProfile).',
  })
  lastExecution(@Root() computer: Computer, @Ctx() { services, caller, pageLoader }: GraphContext) {
    return pageLoader.load(computer, 'lastExecution', (computers: readonly Computer[]) =>
      services.activities.lastExecutionsOf(
        caller,
        computers.map(({ id }) => id),
      ),
    );
  }

  @Query(() => [String], {
    nullable: true,
    description: 'Tags of the accepted computers that the caller may see, sorted.',
  })
  tags(@Ctx() { services, caller }: GraphContext): Promise<string[]> {
    return services.computers.tags(caller);
  }

  @Query(() => [TagCountType], {
    nullable: true,
    description:
      'Tags of the accepted computers that the caller may see, sorted, with the number of computers.',
  })
  tagCounts(@Ctx() { services, caller }: GraphContext): Promise<TagCountType[]> {
    return services.computers.tagCounts(caller);
  }

  @Mutation(() => EnrolComputerPayload, {
    description:
      'Creates a pending computer. Requires ManagePendingComputer, or the registration key of the account, sent with the account name as HTTP Basic credentials. A computer with the registration key is accepted immediately if `autoRegisterNewComputers` is set. Refused with INVALID_INPUT or IDEMPOTENCY_KEY_REUSED.',
  })
  enrolComputer(
    @Arg('input', () => EnrolComputerInput, { description: 'Computer to enrol.' }) {
      idempotencyKey,
      accessGroup,
      accessGroupId,
      ...draft
    }: EnrolComputerInput,
    @Ctx() { services, principal }: GraphContext,
  ): Promise<EnrolComputerPayload> {
    return payload(async () => {
      const group = groupRef('accessGroup', accessGroup, accessGroupId);
      return services.computers.enrol(principal, { ...draft, accessGroup: group }, idempotencyKey);
    });
  }

  @Mutation(() => AcceptComputersPayload, {
    description:
      'Accepts pending computers, either all or none, and removes the older computers that they replace. A computer that is already accepted is not changed. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  acceptComputers(
    @Arg('input', () => AcceptComputersInput, { description: 'Computers to accept.' }) {
      ids,
      tags,
      accessGroup,
      accessGroupId,
      replace,
    }: AcceptComputersInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<AcceptComputersPayload> {
    return payload(async () => ({
      computers: await services.computers.accept(caller, computerIds(ids), {
        tags,
        accessGroup: groupRef('accessGroup', accessGroup, accessGroupId),
        replace: computerIds(replace ?? [], 'replace'),
      }),
    }));
  }

  @Mutation(() => RejectComputersPayload, {
    description:
      'Rejects and deletes pending computers, either all or none. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  rejectComputers(
    @Arg('input', () => RejectComputersInput, { description: 'Computers to reject.' }) {
      ids,
    }: RejectComputersInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<RejectComputersPayload> {
    return payload(async () => {
      const rejected = computerIds(ids);
      const computers = await services.computers.reject(caller, rejected);
      pageLoader.register(computers);
      return { computers, rejectedIds: rejected.map((id) => globalId('Computer', id)) };
    });
  }

  @Mutation(() => RemoveComputerPayload, {
    description:
      'Removes a computer. Its open executions fail, and the history of its executions is kept. Refused with NOT_FOUND.',
  })
  removeComputer(
    @Arg('input', () => RemoveComputerInput, { description: 'Computer to remove.' }) {
      id,
    }: RemoveComputerInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RemoveComputerPayload> {
    return payload(async () => {
      const removed = existingId('Computer', 'computer', id);
      await services.computers.remove(caller, removed);
      return { removedId: globalId('Computer', removed) };
    });
  }

  @Mutation(() => RetagComputersPayload, {
    description:
      'Adds tags to computers and removes tags from them, either for all or for none. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  retagComputers(
    @Arg('input', () => RetagComputersInput, { description: 'Changes to make.' }) {
      ids,
      query,
      ...change
    }: RetagComputersInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RetagComputersPayload> {
    return payload(async () => ({
      computers: await services.computers.retag(caller, chosenComputers({ ids, query }), change),
    }));
  }

  @Mutation(() => RegroupComputersPayload, {
    description:
      'Moves computers to another access group, either all or none. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  regroupComputers(
    @Arg('input', () => RegroupComputersInput, { description: 'Computers to move.' }) {
      ids,
      query,
      accessGroup,
      accessGroupId,
    }: RegroupComputersInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<RegroupComputersPayload> {
    return payload(async () => {
      const group = groupRef('accessGroup', accessGroup, accessGroupId);
      if (group === null) throw invalid('accessGroup', null, insteadOf('accessGroupId'));
      return { computers: await services.computers.regroup(caller, chosenComputers({ ids, query }), group) };
    });
  }
}
