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
  description: 'Events that can cause a run.',
  valuesConfig: { POST_ENROLLMENT: { description: 'A computer enrolled in the account and was accepted.' } },
});

@ObjectType('EventTrigger', {
  description: 'Runs once for each computer, when the computer is accepted.',
  simpleResolvers: true,
})
export class EventTriggerType {
  @Field(() => EventTypeEnum, { description: 'Event that causes a run.' })
  eventType!: EventType;
}

@ObjectType('OneTimeTrigger', { description: 'Runs once, at a given time.', simpleResolvers: true })
export class OneTimeTriggerType {
  @Field(() => DateTime, {
    description: 'Time when the run is due, in whole seconds. A time in the past means now.',
  })
  timestamp!: string;

  @Field(() => Boolean, {
    description: 'Whether it has run, or its time has passed during a pause. A new timestamp rearms it.',
  })
  isFinished!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the run. Null once it is finished, and while the profile is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the last run. Null before the first run.',
  })
  lastRun!: string | null;
}

@ObjectType('RecurringTrigger', {
  description:
    'Runs whenever a cron expression matches, from a given time on. Runs are at least the `minInterval` of the account apart.',
  simpleResolvers: true,
})
export class RecurringTriggerType {
  @Field(() => String, {
    description:
      'Cron expression in UTC, such as `0 8 * * MON-FRI`, with normalised spaces. If both day of month and day of week are restricted, a match of either is enough.',
  })
  interval!: string;

  @Field(() => String, {
    description: 'The cron expression in English, such as `At 08:00, Monday through Friday (UTC)`.',
  })
  description!: string;

  @Field(() => DateTime, { description: 'Earliest time of a run, in whole seconds.' })
  startAfter!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the next run. Null while the profile is paused or archived.',
  })
  nextRun!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Time of the last run. Null before the first run.',
  })
  lastRun!: string | null;
}

const typeNames = {
  event: 'EventTrigger',
  one_time: 'OneTimeTrigger',
  recurring: 'RecurringTrigger',
} as const;

/** Combines the domain's trigger with the times of the profile's last and next run. */
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

/** @param trigger a result of `triggerOf` */
export const triggerTypeName = (trigger: object): string => typeNames[(trigger as Trigger).kind];

export const TriggerUnion = createUnionType({
  name: 'Trigger',
  description: 'Trigger of a script profile. Its kind never changes.',
  types: () => [EventTriggerType, OneTimeTriggerType, RecurringTriggerType] as const,
  resolveType: triggerTypeName,
});
