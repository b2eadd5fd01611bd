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
  description: 'Changes of a computer. A field that is null or omitted stays the same.',
})
class UpdateComputerInput {
  @Field(() => ID, { description: 'The computer, by its global id or its number.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'A name for people, 1 to 255 characters.' })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A note. Maximum 1,000 characters; an empty string removes it.',
  })
  comment?: string | null;

  @Field(() => [String], { nullable: true, description: `All of its tags. ${TAGS}` })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Name of its new access group.' })
  accessGroup?: string | null;

  @Field(() => ID, { nullable: true, description: GROUP_ID })
  accessGroupId?: string | null;
}

@ObjectType('UpdateComputerPayload', { description: 'Result of the edit.', simpleResolvers: true })
class UpdateComputerPayload extends Payload {
  @Field(() => ComputerType, {
    nullable: true,
    description: 'Computer in its present state. Null if refused.',
  })
  computer?: Computer;
}

@InputType('RemoveComputersInput', { description: `Computers to remove. ${CHOSEN}` })
class RemoveComputersInput {
  @Field(() => [ID], { nullable: true, description: 'Computers, by global id or number. Maximum 1,000.' })
  ids?: string[] | null;

  @Field(() => String, { nullable: true, description: QUERY })
  query?: string | null;
}

@ObjectType('RemoveComputersPayload', { description: 'Result of the removal.', simpleResolvers: true })
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
      'Changes the title, comment, tags or access group of a computer. Requires ManageComputer, in the new group as well. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  updateComputer(
    @Arg('input', () => UpdateComputerInput, { description: 'Changes of the person.' }) {
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
      'Removes computers, all or none, each as `removeComputer` does. Refused with NOT_FOUND or INVALID_INPUT.',
  })
  removeComputers(
    @Arg('input', () => RemoveComputersInput, { description: 'Objects of the operation.' })
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
