import { withoutNulls } from '../edit.ts';
import { Refusal } from '../errors.ts';
import { parseCron } from '../schedule/cron.ts';
import { cutToSecond, type Instant } from '../time.ts';

/** When a profile runs. The kind of a trigger never changes. */
export type Trigger = EventTrigger | OneTimeTrigger | RecurringTrigger;
export type TriggerKind = Trigger['kind'];

/** Fires once for each computer, when it is accepted. */
export interface EventTrigger {
  readonly kind: 'event';
  readonly eventType: EventType;
}

/** Fires once. A time in the past means now. */
export interface OneTimeTrigger {
  readonly kind: 'one_time';
  readonly timestamp: Instant;
  readonly isFinished: boolean;
}

/** Fires whenever the cron expression matches, from `startAfter` on. */
export interface RecurringTrigger {
  readonly kind: 'recurring';
  /** As written, except for white space. */
  readonly interval: string;
  readonly startAfter: Instant;
}

export const triggerKinds = ['event', 'one_time', 'recurring'] as const satisfies readonly TriggerKind[];
export const eventTypes = ['post_enrollment'] as const;
export type EventType = (typeof eventTypes)[number];

export type TriggerDraft =
  | EventTrigger
  | Omit<OneTimeTrigger, 'isFinished'>
  | Pick<RecurringTrigger, 'kind' | 'interval' | 'startAfter'>;

/** Omitted and null fields of a recurring trigger do not change. */
export type TriggerEdit =
  | EventTrigger
  | Omit<OneTimeTrigger, 'isFinished'>
  | {
      readonly kind: 'recurring';
      readonly interval?: string | null;
      readonly startAfter?: Instant | null;
    };

export function newTrigger(draft: TriggerDraft): Trigger {
  switch (draft.kind) {
    case 'event':
      return { kind: 'event', eventType: draft.eventType };
    case 'one_time':
      return { kind: 'one_time', timestamp: cutToSecond(draft.timestamp), isFinished: false };
    case 'recurring':
      return {
        kind: 'recurring',
        interval: parseCron(draft.interval).expression,
        startAfter: cutToSecond(draft.startAfter),
      };
  }
}

/**
 * Returns the edited trigger, or the same object if its value does not change. Clients resend the whole
 * trigger with every edit. Renaming a finished one-time profile must not run it again.
 */
export function editTrigger(trigger: Trigger, edit: TriggerEdit): Trigger {
  if (trigger.kind !== edit.kind) {
    throw new Refusal(
      'TRIGGER_KIND_FIXED',
      'The trigger type of a script profile cannot be changed after creation.',
      { field: 'trigger', found: edit.kind, allowed: trigger.kind },
    );
  }
  const edited = newTrigger({ ...trigger, ...withoutNulls(edit) } as TriggerDraft);
  return sameValue(trigger, edited) ? trigger : edited;
}

function sameValue(a: Trigger, b: Trigger): boolean {
  if (a.kind === 'one_time' && b.kind === 'one_time') return a.timestamp === b.timestamp;
  if (a.kind === 'recurring' && b.kind === 'recurring') {
    return a.interval === b.interval && a.startAfter === b.startAfter;
  }
  return a.kind === 'event' && b.kind === 'event' && a.eventType === b.eventType;
}
