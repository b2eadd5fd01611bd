import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root, registerEnumType } from 'type-graphql';
import type { ScriptProfile } from '../domain/script-profile.ts';
import type { Act, DenialReason, Verdict } from '../domain/viewer.ts';
import type { GraphContext } from './context.ts';
import { ScriptProfileType } from './script-profile.type.ts';

const DenialReasonEnum = {
  FORBIDDEN: 'FORBIDDEN',
  ARCHIVED: 'ARCHIVED',
  NOT_PAUSED: 'NOT_PAUSED',
  RUN_IN_PROGRESS: 'RUN_IN_PROGRESS',
  SCRIPT_NOT_ACTIVE: 'SCRIPT_NOT_ACTIVE',
  PROFILE_LIMIT: 'PROFILE_LIMIT',
} as const satisfies { [Reason in DenialReason]: Reason };

registerEnumType(DenialReasonEnum, {
  name: 'DenialReason',
  description: 'Why the viewer can’t do something just now. More reasons may come.',
  valuesConfig: {
    FORBIDDEN: { description: 'The viewer has no permission for it.' },
    ARCHIVED: { description: 'The script profile is archived, for good.' },
    NOT_PAUSED: { description: 'The script profile is not paused.' },
    RUN_IN_PROGRESS: { description: 'The last run is in progress, and runs may not overlap.' },
    SCRIPT_NOT_ACTIVE: { description: 'The script is archived or redacted.' },
    PROFILE_LIMIT: { description: 'The account has as many script profiles as it may.' },
  },
});

@ObjectType('ViewerVerdict', {
  description: 'Whether the viewer can do something just now.',
  simpleResolvers: true,
})
class ViewerVerdictType implements Verdict {
  @Field(() => Boolean, { description: 'Whether it would be done, and would change something.' })
  allowed!: boolean;

  @Field(() => DenialReasonEnum, { nullable: true, description: 'Why not; null when it is allowed.' })
  reason!: DenialReason | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why not, as a sentence for a person; null when it is allowed.',
  })
  message!: string | null;
}

@ObjectType('ScriptProfileViewerPermissions', {
  description: 'What the viewer can do with a script profile just now: what a dashboard shows as buttons.',
  simpleResolvers: true,
})
class ViewerPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'For `updateScriptProfile`.' })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `archiveScriptProfile`.' })
  canArchive!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'For `pauseScriptProfile`; while it is paused, for another note.',
  })
  canPause!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `resumeScriptProfile`.' })
  canResume!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `runScriptProfile`.' })
  canRun!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `duplicateScriptProfile`.' })
  canDuplicate!: Verdict;
}

const permissionsOf = (verdicts: Record<Act, Verdict>): ViewerPermissionsType => ({
  canUpdate: verdicts.update,
  canArchive: verdicts.archive,
  canPause: verdicts.pause,
  canResume: verdicts.resume,
  canRun: verdicts.run,
  canDuplicate: verdicts.duplicate,
});

@Resolver(() => ScriptProfileType)
export class ViewerPermissionsResolver {
  @FieldResolver(() => ViewerPermissionsType, {
    complexity: ({ childComplexity }) => 3 + childComplexity,
    description: 'What the viewer can do with it just now, and why not.',
  })
  viewerPermissions(@Root() profile: ScriptProfile, @Ctx() { services, caller, siblings }: GraphContext) {
    return siblings.complete(profile, 'viewerPermissions', async (profiles: readonly ScriptProfile[]) =>
      (await services.viewer.verdicts(caller, profiles)).map(permissionsOf),
    );
  }
}
