import { Field, InputType } from 'type-graphql';
import type { EventType, TriggerDraft, TriggerEdit } from '../../domain/script-profiles/trigger.ts';
import { DateTime } from '../common/scalars.ts';
import { EventTypeEnum } from './trigger.type.ts';

const INTERVAL =
  'Cron expression in UTC. Five fields separated by spaces: minute, hour, day of month, month and day of week (0–6, Sunday is 0). Each field is `*`, or a list of values, ranges and steps. Names JAN–DEC and SUN–SAT are allowed. If both day of month and day of week are restricted, a match of either is enough. Maximum 255 characters. Refused with INVALID_CRON.';
const START_AFTER = 'Earliest time of a run. Fractions of a second are truncated.';
const TIMESTAMP =
  'Time when the run is due. A time in the past means now. Fractions of a second are truncated.';

@InputType('EventTriggerInput', {
  description: 'Runs once for each computer, when the computer is accepted.',
})
export class EventTriggerInput {
  @Field(() => EventTypeEnum, { description: 'Event that causes the run.' })
  eventType!: EventType;
}

@InputType('OneTimeTriggerInput', { description: 'Runs once, at a given time.' })
export class OneTimeTriggerInput {
  @Field(() => DateTime, { description: TIMESTAMP })
  timestamp!: string;
}

@InputType('RecurringTriggerInput', {
  description: 'Runs whenever a cron expression matches, from a given time on.',
})
export class RecurringTriggerInput {
  @Field(() => String, { description: INTERVAL })
  interval!: string;

  @Field(() => DateTime, { description: START_AFTER })
  startAfter!: string;
}

@InputType('TriggerInput', { description: 'Trigger of a script profile. Exactly one field is required.' })
export class TriggerInput {
  @Field(() => EventTriggerInput, { nullable: true, description: 'Runs when an event occurs.' })
  event?: EventTriggerInput;

  @Field(() => OneTimeTriggerInput, { nullable: true, description: 'Runs once, at a given time.' })
  oneTime?: OneTimeTriggerInput;

  @Field(() => RecurringTriggerInput, { nullable: true, description: 'Runs repeatedly, on a schedule.' })
  recurring?: RecurringTriggerInput;
}

@InputType('UpdateRecurringTriggerInput', {
  description: 'Changes to a schedule. Fields that are omitted or null keep their value.',
})
export class UpdateRecurringTriggerInput {
  @Field(() => String, { nullable: true, description: INTERVAL })
  interval?: string | null;

  @Field(() => DateTime, { nullable: true, description: START_AFTER })
  startAfter?: string | null;
}

@InputType('UpdateTriggerInput', {
  description:
    'Changes to a trigger. Exactly one field is required. Sending the stored values changes nothing. Refused with TRIGGER_KIND_FIXED if the profile has a trigger of another kind.',
})
export class UpdateTriggerInput {
  @Field(() => EventTriggerInput, { nullable: true, description: 'Runs when an event occurs.' })
  event?: EventTriggerInput;

  @Field(() => OneTimeTriggerInput, {
    nullable: true,
    description: 'Runs once, at a given time. A new time rearms a finished profile.',
  })
  oneTime?: OneTimeTriggerInput;

  @Field(() => UpdateRecurringTriggerInput, {
    nullable: true,
    description: 'Runs repeatedly, on a schedule.',
  })
  recurring?: UpdateRecurringTriggerInput;
}

/** Converts the input to the domain's trigger. The schema guarantees that exactly one kind is given. */
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
