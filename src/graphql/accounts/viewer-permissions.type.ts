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
  description: 'Why the viewer can’t do something just now. More reasons may come.',
  valuesConfig: {
    FORBIDDEN: { description: 'The viewer has no permission for it.' },
    ARCHIVED: { description: 'The script profile is archived permanently.' },
    NOT_PAUSED: { description: 'The script profile is not paused.' },
    RUN_IN_PROGRESS: { description: 'The last run is in progress, and runs may not overlap.' },
    SCRIPT_NOT_ACTIVE: { description: 'The script is archived or redacted.' },
    PROFILE_LIMIT: { description: 'The account has as many script profiles as it may.' },
    OVER: { description: 'The activity is over.' },
    NOT_OVER: { description: 'The activity is not over yet.' },
    NOT_UNAPPROVED: { description: 'The activity does not wait for approval.' },
    ACCEPTED: { description: 'The computer is accepted already.' },
    FIXED: { description: 'The role GlobalAdmin can’t be deleted.' },
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
export class ScriptProfilePermissionsType {
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

@ObjectType('ScriptViewerPermissions', {
  description: 'What the viewer can do with a script just now: the buttons of a dashboard.',
  simpleResolvers: true,
})
export class ScriptPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'For `updateScript`, and for its attachments.' })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `archiveScript`.' })
  canArchive!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `redactScript`.' })
  canRedact!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'For `createScriptProfile` with this script, and for `runScript`.',
  })
  canCreateProfile!: Verdict;
}

@ObjectType('ComputerViewerPermissions', {
  description: 'What the viewer can do with a computer just now: the buttons of a dashboard.',
  simpleResolvers: true,
})
export class ComputerPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'For `acceptComputers`.' })
  canAccept!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `rejectComputers`.' })
  canReject!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'For `updateComputer`, as far as the group that it is in decides.',
  })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `retagComputers`.' })
  canRetag!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'For `regroupComputers`, as far as the group that it is in decides.',
  })
  canRegroup!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `removeComputer` and `removeComputers`.' })
  canRemove!: Verdict;
}

@ObjectType('ActivityViewerPermissions', {
  description: 'What the viewer can do with an activity just now: the buttons of a dashboard.',
  simpleResolvers: true,
})
export class ActivityPermissionsType {
  @Field(() => ViewerVerdictType, { description: 'For `cancelActivity`.' })
  canCancel!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `approveActivities`.' })
  canApprove!: Verdict;

  @Field(() => ViewerVerdictType, {
    description: 'For `reapplyActivities`, as far as the activity itself decides.',
  })
  canReapply!: Verdict;
}

@ObjectType('RoleViewerPermissions', {
  description: 'What the viewer can do with a role just now: the buttons of a dashboard.',
  simpleResolvers: true,
})
export class RolePermissionsType {
  @Field(() => ViewerVerdictType, {
    description: 'For `updateRole`. Only the persons of GlobalAdmin can be changed.',
  })
  canUpdate!: Verdict;

  @Field(() => ViewerVerdictType, { description: 'For `deleteRole`.' })
  canDelete!: Verdict;
}
