import { Field, InputType } from 'type-graphql';
import type { EventType, TriggerDraft, TriggerEdit } from '../../domain/script-profiles/trigger.ts';
import { DateTime } from '../common/scalars.ts';
import { EventTypeEnum } from './trigger.type.ts';

const INTERVAL =
  'A cron expression in UTC: five fields (minute, hour, day of month, month, day of week 0–6, where Sunday is 0) separated by spaces, each `*`, or lists, ranges and steps; names JAN–DEC and SUN–SAT are allowed. Where both day of month and day of week are restricted, either is enough. At most 255 characters. Refused with INVALID_CRON.';
const START_AFTER = 'The earliest time at which it runs. Decimals of a second are cut.';
const TIMESTAMP = 'When it is due; a time in the past means now. Decimals of a second are cut.';

@InputType('EventTriggerInput', { description: 'Run once for each computer, when it is accepted.' })
export class EventTriggerInput {
  @Field(() => EventTypeEnum, { description: 'What to wait for.' })
  eventType!: EventType;
}

@InputType('OneTimeTriggerInput', { description: 'Run once, at a time.' })
export class OneTimeTriggerInput {
  @Field(() => DateTime, { description: TIMESTAMP })
  timestamp!: string;
}

@InputType('RecurringTriggerInput', {
  description: 'Run whenever a cron expression matches, from a time on.',
})
export class RecurringTriggerInput {
  @Field(() => String, { description: INTERVAL })
  interval!: string;

  @Field(() => DateTime, { description: START_AFTER })
  startAfter!: string;
}

@InputType('TriggerInput', { description: 'When to run: exactly one kind.' })
export class TriggerInput {
  @Field(() => EventTriggerInput, { nullable: true, description: 'On an event.' })
  event?: EventTriggerInput;

  @Field(() => OneTimeTriggerInput, { nullable: true, description: 'At a time.' })
  oneTime?: OneTimeTriggerInput;

  @Field(() => RecurringTriggerInput, { nullable: true, description: 'Again and again.' })
  recurring?: RecurringTriggerInput;
}

@InputType('UpdateRecurringTriggerInput', {
  description: 'A change of the schedule: what is left out, or null, stays as it is.',
})
export class UpdateRecurringTriggerInput {
  @Field(() => String, { nullable: true, description: INTERVAL })
  interval?: string | null;

  @Field(() => DateTime, { nullable: true, description: START_AFTER })
  startAfter?: string | null;
}

@InputType('UpdateTriggerInput', {
  description:
    'A change of the trigger: exactly one kind, the one that the profile has, or it is refused with TRIGGER_KIND_FIXED. Sending what is there already changes nothing.',
})
export class UpdateTriggerInput {
  @Field(() => EventTriggerInput, { nullable: true, description: 'On an event.' })
  event?: EventTriggerInput;

  @Field(() => OneTimeTriggerInput, {
    nullable: true,
    description: 'At a time; a new one arms a finished profile again.',
  })
  oneTime?: OneTimeTriggerInput;

  @Field(() => UpdateRecurringTriggerInput, { nullable: true, description: 'Again and again.' })
  recurring?: UpdateRecurringTriggerInput;
}

/** The one kind that is there, as the domain tells kinds apart. The schema holds that there is one. */
export function triggerDraft({ event, oneTime, recurring }: TriggerInput): TriggerDraft {
  if (event) return { kind: 'event', ...event };
  if (oneTime) return { kind: 'one_time', ...oneTime };
  return { kind: 'recurring', ...recurring! };
}

export function triggerEdit({ event, oneTime, recurring }: UpdateTriggerInput): TriggerEdit {
  if (event) return { kind: 'event', ...event };
  if (oneTime) return { kind: 'one_time', ...oneTime };
  return { kind: 'recurring', ...recurring! };
}
