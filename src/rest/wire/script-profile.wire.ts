import { invalid } from '../../domain/errors.ts';
import { eventTypes, triggerKinds } from '../../domain/script-profiles/trigger.ts';
import { scriptNotFound } from '../../services/script-profiles/script-profile-checks.ts';
import { isObject, type JsonObject, oneOf } from '../request.ts';
import { type ActivityData, activityFields, toActivity } from './activity.wire.ts';
import { microseconds, seconds } from './time.wire.ts';

/** Fields for the legacy form of a script profile. */
export const scriptProfileFields = `
  databaseId title scriptId accessGroup { name } createdBy { name databaseId } createdAt lastEditedAt
  trigger {
    __typename
    ... on EventTrigger { eventType }
    ... on OneTimeTrigger { timestamp isFinished nextRun lastRun }
    ... on RecurringTrigger { interval startAfter nextRun lastRun }
  }
  allComputers tags timeLimit username numAssociatedComputers lastActivity { ${activityFields} } archived`;

export interface ScriptProfileData {
  readonly databaseId: number;
  readonly title: string;
  readonly scriptId: number;
  readonly accessGroup: { readonly name: string };
  readonly createdBy: { readonly name: string; readonly databaseId: number } | null;
  readonly createdAt: string;
  readonly lastEditedAt: string;
  readonly trigger: TriggerData;
  readonly allComputers: boolean;
  readonly tags: readonly string[];
  readonly timeLimit: number;
  readonly username: string;
  readonly numAssociatedComputers: number;
  readonly lastActivity: ActivityData | null;
  readonly archived: boolean;
}

type TriggerData =
  | { readonly __typename: 'EventTrigger'; readonly eventType: string }
  | ({
      readonly __typename: 'OneTimeTrigger';
      readonly timestamp: string;
      readonly isFinished: boolean;
    } & Runs)
  | ({
      readonly __typename: 'RecurringTrigger';
      readonly interval: string;
      readonly startAfter: string;
    } & Runs);

interface Runs {
  readonly nextRun: string | null;
  readonly lastRun: string | null;
}

/** Keeps the key order of the legacy API. */
export const toScriptProfile = (profile: ScriptProfileData) => ({
  id: profile.databaseId,
  title: profile.title,
  script_id: profile.scriptId,
  access_group: profile.accessGroup.name,
  created_by: profile.createdBy && { name: profile.createdBy.name, id: profile.createdBy.databaseId },
  created_at: microseconds(profile.createdAt),
  last_edited_at: microseconds(profile.lastEditedAt),
  trigger: toTrigger(profile.trigger),
  all_computers: profile.allComputers,
  tags: profile.tags,
  time_limit: profile.timeLimit,
  username: profile.username,
  computers: { num_associated_computers: profile.numAssociatedComputers },
  activities: { last_activity: profile.lastActivity && toActivity(profile.lastActivity) },
  archived: profile.archived,
});

function toTrigger(trigger: TriggerData) {
  switch (trigger.__typename) {
    case 'EventTrigger':
      return { trigger_type: 'event', event_type: trigger.eventType.toLowerCase() };
    case 'OneTimeTrigger':
      return {
        trigger_type: 'one_time',
        timestamp: seconds(trigger.timestamp),
        is_finished: trigger.isFinished,
        next_run: seconds(trigger.nextRun),
        last_run: seconds(trigger.lastRun),
      };
    case 'RecurringTrigger':
      return {
        trigger_type: 'recurring',
        interval: trigger.interval,
        start_after: seconds(trigger.startAfter),
        last_run: seconds(trigger.lastRun),
        next_run: seconds(trigger.nextRun),
      };
  }
}

/** The graph's names of the keys in a body. Clients send more keys, which are ignored. */
const inputNames = {
  title: 'title',
  username: 'username',
  time_limit: 'timeLimit',
  tags: 'tags',
  all_computers: 'allComputers',
} as const;

/** Converts a body to the input of createScriptProfile. */
export const toCreateInput = (body: JsonObject): JsonObject => ({
  ...rename(body),
  ...('script_id' in body && { scriptId: scriptId(body.script_id) }),
  trigger: toTriggerInput(body.trigger),
});

/**
 * Converts a body to the input of updateScriptProfile. `script_id` and `access_group` never change, so they are
 * ignored.
 */
export const toUpdateInput = (id: string, body: JsonObject): JsonObject => ({
  id,
  ...rename(body),
  ...(body.trigger != null && { trigger: toTriggerInput(body.trigger) }),
});

/** Reads the id of a script. The REST API takes only numbers, and no script has any other id. */
function scriptId(id: unknown): unknown {
  if (typeof id === 'string' && !/^\d+$/.test(id)) throw scriptNotFound(id);
  return id;
}

const rename = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(inputNames)
      .filter(([key]) => key in body)
      .map(([key, name]) => [name, body[key]]),
  );

/** Converts `{ trigger_type, … }` to `{ <kind>: { … } }`. */
function toTriggerInput(trigger: unknown): JsonObject {
  if (!isObject(trigger)) throw invalid('trigger', trigger, `an object with a trigger_type`);
  switch (oneOf('trigger.trigger_type', trigger.trigger_type, triggerKinds)) {
    case 'event':
      return {
        event: { eventType: oneOf('trigger.event_type', trigger.event_type, eventTypes).toUpperCase() },
      };
    case 'one_time':
      return { oneTime: { timestamp: trigger.timestamp } };
    case 'recurring':
      return { recurring: { interval: trigger.interval, startAfter: trigger.start_after } };
  }
}
