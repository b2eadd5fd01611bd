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
  description: 'A change of tags to look at before it is made; a tag in both is taken away.',
})
class TagChangePreviewInput {
  @Field(() => [ID], { description: 'Computers, by global id or number; at most 1,000.' })
  computerIds!: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Tags to add; each 1 to 255 letters, digits, `_` and `-`, not starting with `-`.',
  })
  add?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags to take away.' })
  remove?: string[] | null;
}

@ObjectType('TagChangeEffect', {
  description: 'What a change of tags would do to one script profile.',
  simpleResolvers: true,
})
class TagChangeEffectType {
  @Field(() => ScriptProfileType, { description: 'The profile.' })
  scriptProfile!: ScriptProfile;

  @Field(() => [ComputerType], { description: 'Those of the computers that it would reach from then on.' })
  gained!: readonly Computer[];

  @Field(() => [ComputerType], { description: 'Those of the computers that it would not reach any more.' })
  lost!: readonly Computer[];

  @Field(() => LimitRoomType, {
    description:
      'Computers that it would be associated with, against the account’s `maxNumComputers`. Tags are not refused for that: a run leaves out what is too many.',
  })
  computersRoom!: LimitRoomType;
}

@ObjectType('TagChangePreview', {
  description:
    'What a change of tags would do, before it is made. Nothing is written, and nothing is locked.',
  simpleResolvers: true,
})
class TagChangePreviewType {
  @Field(() => [UserErrorType], { description: 'What `retagComputers` would be refused with.' })
  problems!: UserErrorType[];

  @Field(() => [TagChangeEffectType], {
    nullable: true,
    description:
      'The script profiles that would gain or lose computers, by number; null where there are problems. Event profiles are none of them: they run when a computer is accepted.',
  })
  effects!: TagChangeEffectType[] | null;
}

@Resolver()
export class TagPreviewResolver {
  @Query(() => TagChangePreviewType, {
    nullable: true,
    // Each profile's tags are looked for on each computer, before and after; each may gain all computers.
    complexity: ({ args: { input }, childComplexity }) => {
      const computers = input.computerIds.length;
      const tags = (input.add?.length ?? 0) + (input.remove?.length ?? 0);
      return (
        20 + Math.ceil((computers * tags) / 50) + Math.max(10, Math.ceil(computers / 10)) * childComplexity
      );
    },
    description:
      'What adding tags to computers and taking tags away would do, before `retagComputers` does it.',
  })
  async tagChangePreview(
    @Arg('input', () => TagChangePreviewInput, { description: 'The change.' })
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
