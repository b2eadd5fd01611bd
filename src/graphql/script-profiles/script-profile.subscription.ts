import {
  Arg,
  Ctx,
  Field,
  ID,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql';
import { type ScriptProfileChange, scriptProfileChanges } from '../../domain/change.ts';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { ThingEvent } from '../../services/subscriptions/live.ts';
import type { Delivery } from '../../services/subscriptions/watch.ts';
import { existingId } from '../common/global-id.ts';
import type { GraphContext } from '../context.ts';
import { newsOf, type Subscribing } from '../subscriptions.ts';
import { ScriptProfileType } from './script-profile.type.ts';

const ScriptProfileChangeEnum = Object.fromEntries(scriptProfileChanges.map((change) => [change, change]));

registerEnumType(ScriptProfileChangeEnum, {
  name: 'ScriptProfileChange',
  description:
    'Kind of change to a script profile. Later releases may add values. Treat an unknown value as EDITED.',
  valuesConfig: {
    CREATED: { description: 'The script profile was created.' },
    EDITED: { description: 'The script profile was edited.' },
    PAUSED: { description: 'The script profile was paused, or its pause note was changed.' },
    RESUMED: { description: 'The script profile was resumed.' },
    ARCHIVED: { description: 'The script profile was archived, directly or together with its script.' },
    RAN: { description: 'The script profile was run by the scheduler, by an enrolment or manually.' },
    RESCHEDULED: {
      description: 'The next run was moved without a run, because a slot was skipped or the limits changed.',
    },
  },
});

@ObjectType('ScriptProfileEvent', { description: 'Changes of a script profile.', simpleResolvers: true })
class ScriptProfileEventType {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description:
      'The script profile in its current state. Null at the start, and after events may have been lost. If null, reload the displayed data with `scriptProfiles`.',
  })
  scriptProfile!: object | null;

  @Field(() => [ScriptProfileChangeEnum], {
    description:
      'Changes since the last event, in the order in which they happened. Empty if the event only shows the current state.',
  })
  changes!: readonly ScriptProfileChange[];
}

@Resolver()
export class ScriptProfileSubscriptions {
  @Subscription(() => ScriptProfileEventType, {
    description:
      'Changes of one script profile, or of all script profiles that the caller may see. The first event shows the current state, so a subscriber that reconnects misses nothing. Changes of a profile within a quarter of a second are combined into one event. NOT_FOUND if the profile does not exist or the caller may not see it. To poll instead, use `scriptProfile(id:)`.',
    subscribe: ({ args, context }: Subscribing<{ id?: string | null }>) =>
      context.services.live.scriptProfiles(
        context.caller,
        args.id == null ? null : existingId('ScriptProfile', 'script profile', args.id),
        context.giveUp,
      ),
  })
  scriptProfileChanged(
    @Root() delivery: Delivery<ThingEvent<ScriptProfile, ScriptProfileChange>>,
    @Arg('id', () => ID, {
      nullable: true,
      description: 'Global id or number of one script profile. Defaults to all that the caller may see.',
    })
    _id: string | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ScriptProfileEventType {
    const { thing, changes } = newsOf(delivery, pageLoader);
    return { scriptProfile: thing, changes };
  }
}
