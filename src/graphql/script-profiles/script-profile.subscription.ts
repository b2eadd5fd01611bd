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
  description: 'What happened to a script profile. More may come: treat an unknown one as EDITED.',
  valuesConfig: {
    CREATED: { description: 'It was made.' },
    EDITED: { description: 'Somebody changed it.' },
    PAUSED: { description: 'It was paused, or the note of its pause was changed.' },
    RESUMED: { description: 'It was resumed.' },
    ARCHIVED: { description: 'It was put out of use, perhaps with its script.' },
    RAN: { description: 'A run of it was made: by the clock, by an enrolment or by hand.' },
    RESCHEDULED: {
      description: 'Its next run was moved without a run: a slot was skipped, or limits changed.',
    },
  },
});

@ObjectType('ScriptProfileEvent', { description: 'News of a script profile.', simpleResolvers: true })
class ScriptProfileEventType {
  @Field(() => ScriptProfileType, {
    nullable: true,
    description:
      'The script profile as it is now. Null when anything may have changed, as at the beginning and after news may have been missed: then look up what is shown with `scriptProfiles`.',
  })
  scriptProfile!: object | null;

  @Field(() => [ScriptProfileChangeEnum], {
    description:
      'What happened since the last event, in that order; empty when this is not news, but how things are.',
  })
  changes!: readonly ScriptProfileChange[];
}

@Resolver()
export class ScriptProfileSubscriptions {
  @Subscription(() => ScriptProfileEventType, {
    description:
      'Script profiles as they are made, edited, paused, resumed, archived, run and rescheduled: one, or all that the caller may see. The first event says how things are, so whoever connects again has missed nothing; of what happens within a quarter of a second one event tells, for each profile. `scriptProfile(id:)` looks the same up. NOT_FOUND when there is no such profile.',
    subscribe: ({ args, context }: Subscribing<{ id?: string | null }>) =>
      context.services.live.scriptProfiles(
        context.caller,
        args.id == null ? null : existingId('ScriptProfile', 'script profile', args.id),
        context.giveUp,
      ),
  })
  scriptProfileChanged(
    @Root() told: Delivery<ThingEvent<ScriptProfile, ScriptProfileChange>>,
    @Arg('id', () => ID, {
      nullable: true,
      description: 'Only this one, by its global id or its number; all of the account’s unless told.',
    })
    _id: string | null,
    @Ctx() { pageLoader }: GraphContext,
  ): ScriptProfileEventType {
    const { thing, changes } = newsOf(told, pageLoader);
    return { scriptProfile: thing, changes };
  }
}
