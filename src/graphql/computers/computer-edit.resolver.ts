import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Computer } from '../../domain/computers/computer.ts';
import { GROUP_ID, groupRef } from '../accounts/access-group.input.ts';
import { payload } from '../common/errors.ts';
import { existingId, globalId } from '../common/global-id.ts';
import { Payload } from '../common/payload.ts';
import type { GraphContext } from '../context.ts';
import { CHOSEN, chosenComputers, QUERY, TAGS } from './computer.input.ts';
import { ComputerType } from './computer.type.ts';

@InputType('UpdateComputerInput', {
  description: 'Changes to a computer. Fields that are omitted or null keep their value.',
})
class UpdateComputerInput {
  @Field(() => ID, { description: 'Global id or number of the computer.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Title for display: 1 to 255 characters.' })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Comment. Maximum 1,000 characters. An empty string removes it.',
  })
  comment?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Tags of the computer, which replace the stored tags. ${TAGS}`,
  })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Name of the access group to move it to.' })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;
}

@ObjectType('UpdateComputerPayload', { description: 'Result of `updateComputer`.', simpleResolvers: true })
class UpdateComputerPayload extends Payload {
  @Field(() => ComputerType, {
    nullable: true,
    description: 'The computer after the mutation. Null if refused.',
  })
  computer?: Computer;
}

@InputType('RemoveComputersInput', { description: `Computers to remove. ${CHOSEN}` })
class RemoveComputersInput {
  @Field(() => [ID], { nullable: true, description: 'Global ids or numbers of computers. Maximum 1,000.' })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: QUERY })
  query?: string | null;
}

@ObjectType('RemoveComputersPayload', { description: 'Result of `removeComputers`.', simpleResolvers: true })
class RemoveComputersPayload extends Payload {
  @Field(() => [ID], {
    nullable: true,
    description: 'Global ids of the removed computers. Null if refused.',
  })
  removedIds?: string[];

  @Field(() => [ComputerType], {
    nullable: true,
    description: 'Computers in their state before the removal. Null if refused.',
  })
  computers?: readonly Computer[];
}

@Resolver()
export class ComputerEditResolver {
  @Mutation(() => UpdateComputerPayload, {
    description:
      'Changes the title, comment, tags or access group of a computer. Requires ManageComputer, in both access groups if it is moved. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  updateComputer(
    @Arg('input', () => UpdateComputerInput, { description: 'Changes to make.' }) {
      id,
      accessGroup,
      accessGroupId,
      ...edit
    }: UpdateComputerInput,
    @Ctx() { services, caller }: GraphContext,
  ): Promise<UpdateComputerPayload> {
    return payload(async () => {
      const group = groupRef('accessGroup', accessGroup, accessGroupId);
      const edited = { ...edit, accessGroup: group };
      return {
        computer: await services.computerEdits.edit(caller, existingId('Computer', 'computer', id), edited),
      };
    });
  }

  @Mutation(() => RemoveComputersPayload, {
    description:
      'Removes computers as `removeComputer` does, either all or none. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  removeComputers(
    @Arg('input', () => RemoveComputersInput, { description: 'Computers to remove.' })
    input: RemoveComputersInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<RemoveComputersPayload> {
    return payload(async () => {
      const computers = await services.computerEdits.removeAll(caller, chosenComputers(input));
      pageLoader.register(computers);
      return { computers, removedIds: computers.map(({ id }) => globalId('Computer', id)) };
    });
  }
}
