import { createUnionType, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { ScriptProfile } from '../../domain/script-profiles/script-profile.ts';
import type { EventType, Trigger } from '../../domain/script-profiles/trigger.ts';
import { DateTime } from '../common/scalars.ts';

export const EventTypeEnum = { POST_ENROLLMENT: 'post_enrollment' } as const satisfies Record<
  string,
  EventType
>;

registerEnumType(EventTypeEnum, {
  name: 'EventType',
  description: 'The events that a script profile can wait for.',
  valuesConfig: { POST_ENROLLMENT: { description: 'A computer was enrolled in the account and accepted.' } },
});

@ObjectType('EventTrigger', {
  description: 'Runs once for each computer, when it is accepted.',
  simpleResolvers: true,
})
export class EventTriggerType {
  @Field(() => EventTypeEnum, { description: 'What it waits for.' })
  eventType!: EventType;
}

@ObjectType('OneTimeTrigger', { description: 'Runs once, at a time.', simpleResolvers: true })
export class OneTimeTriggerType {
  @Field(() => DateTime, { description: 'When it is due, in whole seconds. A time in the past means now.' })
  timestamp!: string;

  @Field(() => Boolean, { description: 'Whether it has run. A new timestamp arms it again.' })
  isFinished!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it will run; null once finished, and while the profile is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its last run was made; null before the first.',
  })
  lastRun!: string | null;
}

@ObjectType('RecurringTrigger', {
  description:
    'Runs whenever a cron expression matches, from a time on, spaced by the account’s `minInterval`.',
  simpleResolvers: true,
})
export class RecurringTriggerType {
  @Field(() => String, {
    description:
      'A cron expression of five fields, in UTC, as it was written but for the white space: `0 8 * * MON-FRI`. Where both day of month and day of week are restricted, either is enough.',
  })
  interval!: string;

  @Field(() => String, {
    description: 'The expression in English, such as `At 08:00, Monday through Friday (UTC)`.',
  })
  description!: string;

  @Field(() => DateTime, { description: 'The earliest time at which it runs, in whole seconds.' })
  startAfter!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it will run next; null while the profile is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its last run was made; null before the first.',
  })
  lastRun!: string | null;
}

const typeNames = {
  event: 'EventTrigger',
  one_time: 'OneTimeTrigger',
  recurring: 'RecurringTrigger',
} as const;

/** The domain's trigger, with what the profile knows of its runs beside it. */
export function triggerOf({ trigger, nextRun, lastRun }: ScriptProfile): object {
  switch (trigger.kind) {
    case 'event':
      return trigger;
    case 'one_time': {
      const { kind, timestamp, isFinished } = trigger;
      return { kind, timestamp, isFinished, nextRun, lastRun };
    }
    case 'recurring': {
      const { kind, interval, startAfter } = trigger;
      return { kind, interval, startAfter, nextRun, lastRun };
    }
  }
}

/** @param trigger what `triggerOf` made */
export const triggerTypeName = (trigger: object): string => typeNames[(trigger as Trigger).kind];

export const TriggerUnion = createUnionType({
  name: 'Trigger',
  description: 'When a script profile runs. The kind never changes.',
  types: () => [EventTriggerType, OneTimeTriggerType, RecurringTriggerType] as const,
  resolveType: triggerTypeName,
});
