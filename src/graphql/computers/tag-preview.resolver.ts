import { Arg, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import type { Computer } from '../../domain/computers/computer.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import { payload, UserErrorType } from '../common/errors.ts';
import type { GraphContext } from '../context.ts';
import { LimitRoomType } from '../script-profiles/preview.type.ts';
import { ScriptProfileType } from '../script-profiles/script-profile.type.ts';
import { computerIds } from './computer.input.ts';
import { ComputerType } from './computer.type.ts';

@InputType('TagChangePreviewInput', {
  description: 'Change of tags to preview. A tag in both lists is removed.',
})
class TagChangePreviewInput {
  @Field(() => [ID], { description: 'Global ids or numbers of computers. Maximum 1,000.' })
  computerIds!: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Tags to add. Each has 1 to 255 letters, digits, `_` and `-`, and does not start with `-`.',
  })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags to remove.' })
  remove?: string[] | null;
}

@ObjectType('TagChangeEffect', {
  description: 'Effect of a change of tags on one script profile.',
  simpleResolvers: true,
})
class TagChangeEffectType {
  @Field(() => ScriptProfileType, { description: 'The script profile.' })
  scriptProfile!: ScriptProfile;

  @Field(() => [ComputerType], {
    description: 'Computers among `computerIds` that the script profile would newly reach.',
  })
  gained!: readonly Computer[];

  @Field(() => [ComputerType], {
    description: 'Computers among `computerIds` that the script profile would no longer reach.',
  })
  lost!: readonly Computer[];

  @Field(() => LimitRoomType, {
    description:
      'Number of computers that it would be associated with, and the limit `maxNumComputers` of the account. A change of tags may exceed the limit, but a run leaves out the excess computers.',
  })
  computersRoom!: LimitRoomType;
}

@ObjectType('TagChangePreview', {
  description: 'Effects of a change of tags. A preview changes nothing.',
  simpleResolvers: true,
})
class TagChangePreviewType {
  @Field(() => [UserErrorType], {
    description: 'Reasons why `retagComputers` would refuse the change. Empty if it would succeed.',
  })
  problems!: UserErrorType[];

  @Field(() => [TagChangeEffectType], {
    nullable: true,
    description:
      'Script profiles that would gain or lose computers, sorted by number. Profiles with an event trigger are not included, because they run when a computer is accepted. Null if there are problems.',
  })
  effects!: TagChangeEffectType[] | null;
}

@Resolver()
export class TagPreviewResolver {
  @Query(() => TagChangePreviewType, {
    nullable: true,
    // Each profile is compared with each computer before and after the change, and may gain all computers.
    complexity: ({ args: { input }, childComplexity }) => {
      const computers = input.computerIds.length;
      const tags = (input.add?.length ?? 0) + (input.remove?.length ?? 0);
      return (
        20 + Math.ceil((computers * tags) / 50) + Math.max(10, Math.ceil(computers / 10)) * childComplexity
      );
    },
    description:
      'Dry run of `retagComputers`: shows which script profiles would gain or lose computers. Writes nothing.',
  })
  async tagChangePreview(
    @Arg('input', () => TagChangePreviewInput, { description: 'Change to preview.' })
    { computerIds: ids, ...change }: TagChangePreviewInput,
    @Ctx() { services, caller, pageLoader }: GraphContext,
  ): Promise<TagChangePreviewType> {
    const { userErrors, effects } = await payload(async () => ({
      effects: await services.tagPreviews.preview(caller, computerIds(ids, 'computerIds'), change),
    }));
    pageLoader.register((effects ?? []).map(({ profile }) => profile));
    pageLoader.register((effects ?? []).flatMap(({ gained, lost }) => [...gained, ...lost]));
    return {
      problems: userErrors,
      effects:
        effects?.map(({ profile, gained, lost, numMatched, limits }) => ({
          scriptProfile: profile,
          gained,
          lost,
          computersRoom: { used: numMatched, max: limits.maxNumComputers },
        })) ?? null,
    };
  }
}
