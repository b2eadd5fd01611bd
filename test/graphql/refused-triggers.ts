import { type Body, EVENT, ONE_TIME, RECURRING, type Refused, valid } from './refusals.ts';

const TIME = '2030-01-01T00:00:00Z';
const trigger = (fields: Body): Body => ({ trigger_type: 'recurring', ...fields });
const recurring = (fields: Body): Body => trigger({ interval: '0 0 * * *', start_after: TIME, ...fields });
const oneTime = (fields: Body): Body => ({ trigger_type: 'one_time', ...fields });

/** For a creation, and for an update of a profile with the same kind of trigger. */
const both = (
  what: string,
  profile: number,
  body: Body,
  refusal: Omit<Refused, 'name' | 'act'>,
): Refused[] => [
  { name: `create, ${what}`, act: { create: { ...valid, trigger: body } }, ...refusal },
  { name: `update, ${what}`, act: { update: profile, to: { trigger: body } }, ...refusal },
];

const shown = (value: unknown) => JSON.stringify(value);

const times: readonly (readonly [string, unknown])[] = [
  ['30 February', '2025-02-30T00:00:00Z'],
  ['29 February of no leap year', '2025-02-29T00:00:00Z'],
  ['no time', '2025-04-10'],
  ['a text', 'tomorrow'],
  ['empty', ''],
  ['a number', 1_745_366_400],
  ['the year 0', '0000-01-01T00:00:00Z'],
  ['a year of five digits', '+12025-01-01T00:00:00Z'],
  ['hour 24', '2025-04-10T24:00:00Z'],
  ['minute 60', '2025-04-10T23:60:00Z'],
  ['second 60', '2025-04-10T23:59:60Z'],
  ['a space in front', ' 2025-04-10T23:59:00Z'],
  ['NUL behind', '2025-04-10T23:59:00Z\0'],
  ['a zone of letters', '2025-04-10T23:59:00 CET'],
  ['a boolean', true],
  ['a list', [TIME]],
  ['an object', {}],
];

const timeRows = times.flatMap(([what, time]): Refused[] => {
  const refusal = { code: 'INVALID_INPUT', found: shown(time), says: /ISO 8601/ } as const;
  const timestamp = { ...refusal, field: ['trigger.timestamp', 'trigger.oneTime.timestamp'] } as const;
  const startAfter = { ...refusal, field: ['trigger.start_after', 'trigger.recurring.startAfter'] } as const;
  return [
    ...both(`timestamp ${what}`, ONE_TIME, oneTime({ timestamp: time }), timestamp),
    ...both(`start_after ${what}`, RECURRING, recurring({ start_after: time }), startAfter),
  ];
});

/** An update may omit parts of a schedule, but not the time of a one-time trigger. */
const missingRows: readonly Refused[] = [
  ...both('timestamp missing', ONE_TIME, oneTime({}), {
    code: 'INVALID_INPUT',
    field: ['trigger.timestamp', 'trigger.oneTime.timestamp'],
    found: 'nothing',
  }),
  ...both('timestamp null', ONE_TIME, oneTime({ timestamp: null }), {
    code: 'INVALID_INPUT',
    field: ['trigger.timestamp', 'trigger.oneTime.timestamp'],
    found: 'null',
  }),
  ...(
    [
      ['start_after', 'startAfter', { interval: '0 0 * * *' }],
      ['interval', 'interval', { start_after: TIME }],
    ] as const
  ).flatMap(([key, name, rest]): Refused[] => {
    const refusal = {
      code: 'INVALID_INPUT',
      field: [`trigger.${key}`, `trigger.recurring.${name}`],
    } as const;
    return [
      { name: `create, ${key} missing`, act: { create: { ...valid, trigger: trigger(rest) } }, ...refusal },
      {
        name: `create, ${key} null`,
        act: { create: { ...valid, trigger: trigger({ ...rest, [key]: null }) } },
        ...refusal,
      },
    ];
  }),
];

const interval = ['trigger.interval', 'trigger.recurring.interval'] as const;

const intervalTypes: readonly (readonly [string, unknown])[] = [
  ['a number', 5],
  ['a boolean', false],
  ['a list', ['0 0 * * *']],
  ['an object', {}],
];

const crons = [
  ['', 'five fields'],
  ['* * * *', 'five fields'],
  ['0 * * * * *', 'five fields'],
  ['@daily', 'five fields'],
  ['@every 5m', 'five fields'],
  ['0  0 * *', 'five fields'],
  ['0\n0 * * *', 'five fields'],
  ['60 * * * *', 'minute'],
  ['-1 * * * *', 'minute'],
  ['+1 * * * *', 'minute'],
  ['1.5 * * * *', 'minute'],
  ['5/15 * * * *', 'minute'],
  ['*/0 * * * *', 'minute'],
  ['*/61 * * * *', 'minute'],
  ['30-10 * * * *', 'minute'],
  ['1,,2 * * * *', 'minute'],
  [',1 * * * *', 'minute'],
  ['1, * * * *', 'minute'],
  ['١ * * * *', 'minute'],
  ['0\0 * * * *', 'minute'],
  ['JAN * * * *', 'minute'],
  ['* 24 * * *', 'hour'],
  ['* 22-2 * * *', 'hour'],
  ['* * 0 * *', 'day of month'],
  ['* * 32 * *', 'day of month'],
  ['* * L * *', 'day of month'],
  ['* * 15W * *', 'day of month'],
  ['* * ? * *', 'day of month'],
  ['* * * 0 *', 'month'],
  ['* * * 13 *', 'month'],
  ['* * * NOV-FEB *', 'month'],
  ['* * * JANUARY *', 'month'],
  ['* * * * 7', 'Sunday is 0'],
  ['* * * * FRI-MON', 'day of week'],
  ['* * * * MON#2', 'day of week'],
  ['* * * * 5L', 'day of week'],
  ['* * * * ?', 'day of week'],
  ['0 0 30 2 *', 'day of month'],
  ['0 0 31 4,6,9,11 *', 'day of month'],
  [`${'0,'.repeat(130)}0 * * * *`, 'at most 255 characters'],
] as const;

const cronRows: readonly Refused[] = [
  ...intervalTypes.flatMap(([what, value]) =>
    both(`interval ${what}`, RECURRING, recurring({ interval: value }), {
      code: 'INVALID_INPUT',
      field: interval,
      found: shown(value),
    }),
  ),
  ...crons.flatMap(([cron, says]) =>
    both(`interval ${shown(cron).slice(0, 20)}`, RECURRING, recurring({ interval: cron }), {
      code: 'INVALID_CRON',
      field: interval,
      says: new RegExp(says),
    }),
  ),
  // An update may contain a part of the schedule.
  {
    name: 'update, interval alone',
    act: { update: RECURRING, to: { trigger: trigger({ interval: '@hourly' }) } },
    code: 'INVALID_CRON',
    field: interval,
  },
];

const eventType = ['trigger.event_type', 'trigger.event.eventType'] as const;

const eventRows: readonly Refused[] = (
  [
    ['missing', {}],
    ['null', { event_type: null }],
    ['unknown', { event_type: 'reboot' }],
    ['empty', { event_type: '' }],
    ['a number', { event_type: 5 }],
    ['a list', { event_type: ['post_enrollment'] }],
  ] as const
).flatMap(([what, fields]) =>
  both(
    `event_type ${what}`,
    EVENT,
    { trigger_type: 'event', ...fields },
    {
      code: 'INVALID_INPUT',
      field: eventType,
      says: /post_enrollment/i,
      ownWords: true,
    },
  ),
);

/** The form of a trigger: REST has a `trigger_type`, and the graph has one field for each kind. */
const shapeRows: readonly Refused[] = [
  ...(
    [
      ['a text', 'event'],
      ['a number', 5],
      ['a boolean', true],
      ['a list', [{ trigger_type: 'event', event_type: 'post_enrollment' }]],
    ] as const
  ).flatMap(([what, value]): Refused[] => {
    const refusal = { code: 'INVALID_INPUT', field: 'trigger', ownWords: true } as const;
    const graph = { trigger: value };
    return [
      { name: `create, trigger ${what}`, act: { create: { ...valid, trigger: value }, graph }, ...refusal },
      { name: `update, trigger ${what}`, act: { update: EVENT, to: { trigger: value }, graph }, ...refusal },
    ];
  }),
  ...(
    [
      ['empty', {}, {}],
      ['of an unknown kind', { trigger_type: 'hourly' }, { hourly: {} }],
      ['of kind null', { trigger_type: null }, { event: null }],
      ['of a kind in capitals', { trigger_type: 'EVENT', event_type: 'post_enrollment' }, { one_time: {} }],
      [
        'of two kinds',
        { trigger_type: ['event', 'one_time'], event_type: 'post_enrollment', timestamp: TIME },
        { event: { eventType: 'POST_ENROLLMENT' }, oneTime: { timestamp: TIME } },
      ],
      [
        'of two kinds, one of them null',
        { trigger_type: { event: true, one_time: null } },
        { event: { eventType: 'POST_ENROLLMENT' }, oneTime: null },
      ],
      ['without a kind', { event_type: 'post_enrollment' }, { eventType: 'POST_ENROLLMENT' }],
    ] as const
  ).flatMap(([what, value, input]): Refused[] => {
    const [unknown] = Object.keys(input).filter((name) => !['event', 'oneTime', 'recurring'].includes(name));
    const refusal = {
      code: 'INVALID_INPUT',
      field: ['trigger.trigger_type', unknown ? `trigger.${unknown}` : 'trigger'],
      says: /event.*recurring/,
      ownWords: true,
    } as const;
    const graph = { trigger: input };
    return [
      { name: `create, trigger ${what}`, act: { create: { ...valid, trigger: value }, graph }, ...refusal },
      { name: `update, trigger ${what}`, act: { update: EVENT, to: { trigger: value }, graph }, ...refusal },
    ];
  }),
];

export const refusedTriggers: readonly Refused[] = [
  ...shapeRows,
  ...eventRows,
  ...missingRows,
  ...timeRows,
  ...cronRows,
];
