import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { DenialReason, Verdict } from '../../domain/accounts/viewer.ts';

const DenialReasonEnum = {
  FORBIDDEN: 'FORBIDDEN',
  ARCHIVED: 'ARCHIVED',
  NOT_PAUSED: 'NOT_PAUSED',
  RUN_IN_PROGRESS: 'RUN_IN_PROGRESS',
  SCRIPT_NOT_ACTIVE: 'SCRIPT_NOT_ACTIVE',
  PROFILE_LIMIT: 'PROFILE_LIMIT',
  OVER: 'OVER',
  NOT_OVER: 'NOT_OVER',
  NOT_UNAPPROVED: 'NOT_UNAPPROVED',
  ACCEPTED: 'ACCEPTED',
  FIXED: 'FIXED',
} as const satisfies { [Reason in DenialReason]: Reason };

registerEnumType(DenialReasonEnum, {
  name: 'DenialReason',
  description: 'Reason why the viewer cannot perform an action now. Later releases may add reasons.',
  valuesConfig: {
    FORBIDDEN: { description: 'The viewer lacks the permission.' },
    ARCHIVED: { description: 'The script profile is archived permanently.' },
    NOT_PAUSED: { description: 'The script profile is not paused.' },
    RUN_IN_PROGRESS: { description: 'The last run is in progress, and runs of the profile may not overlap.' },
    SCRIPT_NOT_ACTIVE: { description: 'The script is archived or redacted.' },
    PROFILE_LIMIT: { description: 'The account has reached its maximum number of script profiles.' },
    OVER: { description: 'The activity has ended.' },
    NOT_OVER: { description: 'The activity has not ended.' },
    NOT_UNAPPROVED: { description: 'The activity does not wait for approval.' },
    ACCEPTED: { description: 'The computer is already accepted.' },
    FIXED: { description: 'The role GlobalAdmin cannot be deleted.' },
  },
});

@ObjectType('ViewerVerdict', {
  description: 'Whether the viewer can perform an action now.',
  simpleResolvers: true,
})
class ViewerVerdictType implements Verdict {
  @Field(() => Boolean, { description: 'Whether the action would succeed and change something.' })
  allowed!: boolean;

  @Field(() => DenialReasonEnum, {
    nullable: true,
    description: 'Reason why it is not allowed. Null if it is allowed.',
  })
  reason!: DenialReason | null;

  @Field(() => String, {
    nullable: true,
    description: 'The reason in one sentence, for display to a person. Null if the action is allowed.',
  })
  message!: string | null;
}

@ObjectType('ScriptProfileViewerPermissions', {
  description: 'Actions that the viewer can perform on a script profile now.',
  simpleResolvers: true,
})
export class ScriptProfilePermissionsType {
  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `updateScriptProfile`.' })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `archiveScriptProfile`.' })
  canArchive!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'Whether the viewer can use `pauseScriptProfile`. On a paused profile, it changes the note.',
  })
  canPause!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `resumeScriptProfile`.' })
  canResume!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `runScriptProfile`.' })
  canRun!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `duplicateScriptProfile`.' })
  canDuplicate!: Verdict;
}

@ObjectType('ScriptViewerPermissions', {
  description: 'Actions that the viewer can perform on a script now.',
  simpleResolvers: true,
})
export class ScriptPermissionsType {
  @Field(() => ViewerVerdictType, {
    description:
      'Whether the viewer can use `updateScript`, `addScriptAttachment` and `removeScriptAttachment`.',
  })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `archiveScript`.' })
  canArchive!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `redactScript`.' })
  canRedact!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'Whether the viewer can use `createScriptProfile` and `runScript` with this script.',
  })
  canCreateProfile!: Verdict;
}

@ObjectType('ComputerViewerPermissions', {
  description: 'Actions that the viewer can perform on a computer now.',
  simpleResolvers: true,
})
export class ComputerPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `acceptComputers`.' })
  canAccept!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `rejectComputers`.' })
  canReject!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'Whether the viewer can use `updateComputer`. Checks only the access group of the computer.',
  })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `retagComputers`.' })
  canRetag!: Verdict;

  @Field(() => ViewerVerdictType, {
    description:
      'Whether the viewer can use `regroupComputers`. Considers only the current access group, not the target.',
  })
  canRegroup!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'Whether the viewer can use `removeComputer` and `removeComputers`.',
  })
  canRemove!: Verdict;
}

@ObjectType('ActivityViewerPermissions', {
  description: 'Actions that the viewer can perform on an activity now.',
  simpleResolvers: true,
})
export class ActivityPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `cancelActivity`.' })
  canCancel!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `approveActivities`.' })
  canApprove!: Verdict;

  @Field(() => ViewerVerdictType, {
    description:
      'Whether the viewer can use `reapplyActivities`. Checks only the activity and its profile or script.',
  })
  canReapply!: Verdict;
}

@ObjectType('RoleViewerPermissions', {
  description: 'Actions that the viewer can perform on a role now.',
  simpleResolvers: true,
})
export class RolePermissionsType {
  @Field(() => ViewerVerdictType, {
    description: 'Whether the viewer can use `updateRole`. Only the people of GlobalAdmin can be changed.',
  })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'Whether the viewer can use `deleteRole`.' })
  canDelete!: Verdict;
}
