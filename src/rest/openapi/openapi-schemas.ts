import { activityStatuses, activityTypes } from '../../domain/activities/activity.ts';
import { eventTypes } from '../../domain/script-profiles/trigger.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const integer = { type: 'integer' };
export const text = { type: 'string' };
export const flag = { type: 'boolean' };
export const seconds = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$',
  description: 'UTC, in whole seconds.',
};
export const microseconds = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{6}$',
  description: 'UTC, without a zone, with six decimals.',
};
const timeIn = {
  type: 'string',
  description: 'ISO 8601, with or without seconds and time zone. The time zone defaults to UTC.',
};
export const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const constant = (value: string): Schema => ({ type: 'string', const: value });

/** Schema of an answer: every key is present, and there is no other. */
export const whole = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** Schema of a body: other keys are ignored. */
export const body = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  type: 'object',
  properties,
  required,
});

export const page = (item: string): Schema =>
  whole({ results: list(ref(item)), count: integer, next: nullable(text), previous: nullable(text) });

const event = { trigger_type: constant('event'), event_type: { type: 'string', enum: eventTypes } };
const oneTime = { trigger_type: constant('one_time'), timestamp: timeIn };
const recurring = {
  trigger_type: constant('recurring'),
  interval: {
    type: 'string',
    description:
      'Cron expression of five fields, in UTC. Sunday is 0. If both day of month and day of week are restricted, a match of either is enough. White space is returned as single spaces.',
    maxLength: 255,
  },
  start_after: timeIn,
};

const profileInput = {
  title: { type: 'string', minLength: 1, maxLength: 255, description: 'Unique in the account.' },
  username: { type: 'string', minLength: 1, maxLength: 256 },
  time_limit: { type: 'integer', minimum: 1, maximum: 2_147_483_647, description: 'In seconds.' },
  tags: { ...list(text), maxItems: 1000 },
  all_computers: flag,
};

const expiryMinutes = { type: 'integer', minimum: 1, maximum: 43_200, default: 1440 };

const loggedIn = {
  token: { type: 'string', description: 'For the header `Authorization: Bearer …`.' },
  email: text,
  name: text,
  accounts: list(
    whole({
      name: text,
      title: text,
      default: flag,
      subdomain: { type: 'null' },
      classic_dashboard_url: text,
    }),
  ),
  current_account: text,
  attach_code: { type: 'null' },
  return_to: { type: 'null' },
  invitation_id: { type: 'null' },
  has_password: flag,
  identity_source: text,
  self_hosted: flag,
};

export const schemas: Readonly<Record<string, Schema>> = {
  ScriptProfile: whole({
    id: integer,
    title: text,
    script_id: integer,
    access_group: text,
    created_by: nullable(whole({ name: text, id: integer })),
    created_at: microseconds,
    last_edited_at: microseconds,
    trigger: {
      oneOf: [
        whole({ ...event }),
        whole({
          trigger_type: constant('one_time'),
          timestamp: seconds,
          is_finished: flag,
          next_run: nullable(seconds),
          last_run: nullable(seconds),
        }),
        whole({
          trigger_type: constant('recurring'),
          interval: text,
          start_after: seconds,
          last_run: nullable(seconds),
          next_run: nullable(seconds),
        }),
      ],
    },
    all_computers: flag,
    tags: list(text),
    time_limit: integer,
    username: text,
    computers: whole({ num_associated_computers: integer }),
    activities: whole({ last_activity: nullable(ref('Activity')) }),
    archived: flag,
  }),
  ScriptProfilePage: page('ScriptProfile'),
  ScriptProfileCreate: body(
    {
      ...profileInput,
      script_id: integer,
      trigger: {
        oneOf: [
          body(event, Object.keys(event)),
          body(oneTime, Object.keys(oneTime)),
          body(recurring, Object.keys(recurring)),
        ],
      },
    },
    ['title', 'script_id', 'username', 'time_limit', 'trigger'],
  ),
  ScriptProfileUpdate: body({
    ...Object.fromEntries(Object.entries(profileInput).map(([key, schema]) => [key, nullable(schema)])),
    trigger: nullable({
      oneOf: [
        body(event, Object.keys(event)),
        body(oneTime, Object.keys(oneTime)),
        body({ ...recurring, interval: nullable(recurring.interval), start_after: nullable(timeIn) }, [
          'trigger_type',
        ]),
      ],
    }),
  }),
  Activity: whole({
    id: integer,
    creation_time: seconds,
    creator: nullable(whole({ name: text, email: text, id: integer })),
    type: { type: 'string', enum: activityTypes },
    summary: text,
    completion_time: nullable(seconds),
    parent_id: nullable(integer),
    deliver_delay_window: integer,
    result_text: nullable(text),
    result_code: nullable(integer),
    activity_status: { type: 'string', enum: activityStatuses },
  }),
  ActivityPage: page('Activity'),
  Computer: whole({
    id: integer,
    title: text,
    comment: text,
    hostname: text,
    tags: list(text),
    access_group: text,
  }),
  ComputerPage: page('Computer'),
  ScriptProfileLimits: whole({
    max_num_computers: integer,
    max_num_profiles: integer,
    min_interval: { type: 'integer', description: 'In minutes.' },
  }),
  Login: body(
    {
      email: nullable({ ...text, description: 'Either this or `identity`.' }),
      identity: nullable({ ...text, description: 'Alternative name of `email`.' }),
      password: { type: 'string', minLength: 1, maxLength: 1024 },
      account: nullable({
        ...text,
        description: 'Name of the account. Defaults to the oldest account of the person.',
      }),
      expiry_minutes: nullable(expiryMinutes),
    },
    ['password'],
  ),
  LoginWithAccessKey: body({ access_key: text, secret_key: text, expiry_minutes: nullable(expiryMinutes) }, [
    'access_key',
    'secret_key',
  ]),
  SwitchAccount: body({ account_name: text }, ['account_name']),
  LoggedIn: whole(loggedIn),
  Me: { anyOf: [ref('LoggedIn'), ref('Nothing')] },
  Token: whole({ token: text }),
  Nothing: whole({}),
  Error: whole({
    error: { type: 'string', description: 'Error identifier, for programs.' },
    message: { type: 'string', description: 'Error message, for people.' },
    detail: nullable(whole({ field: nullable(text), found: nullable(text), allowed: nullable(text) })),
    code: { type: 'integer', description: 'The HTTP status.' },
    request_id: {
      type: 'string',
      description: 'Id of the request in the server’s log, as in X-Request-Id.',
    },
  }),
};
