import { EVENT, ONE_TIME, RECURRING, type Refused, valid } from './refusals.ts';

/** Acts that the state of the stored objects forbids. */
const titleRows: readonly Refused[] = (
  [
    ['an active profile', 'Post Enrollment Script Profile', /active script profile 4\b/],
    ['an active profile, in spaces', '  Post Enrollment Script Profile ', /active script profile 4\b/],
    ['an archived profile', 'Once upon a time', /archived script profile \d+\b.*archived/],
  ] as const
).flatMap(([holder, title, says]): Refused[] => {
  const refusal = { code: 'TITLE_TAKEN', field: 'title', found: JSON.stringify(title.trim()), says } as const;
  return [
    { name: `create, the title of ${holder}`, act: { create: { ...valid, title } }, ...refusal },
    { name: `update, the title of ${holder}`, act: { update: RECURRING, to: { title } }, ...refusal },
  ];
});

const atNoon = { trigger_type: 'one_time', timestamp: '2030-01-01T12:00:00Z' };

const limitRows: readonly Refused[] = [
  {
    name: 'create, one more than there may be',
    act: { create: valid },
    limits: { maxNumProfiles: 4 },
    code: 'PROFILE_LIMIT',
    field: null,
    found: '5',
    says: /4 of 4/,
  },
  {
    name: 'create, where there may be none',
    act: { create: valid },
    limits: { maxNumProfiles: 0 },
    code: 'PROFILE_LIMIT',
    field: null,
  },
  {
    name: 'create, more computers by tag than it may have',
    act: { create: { ...valid, trigger: atNoon } },
    limits: { maxNumComputers: 2 },
    code: 'COMPUTER_LIMIT',
    field: 'tags',
    found: '3',
  },
  {
    name: 'create, more computers in all than it may have',
    act: { create: { ...valid, trigger: atNoon, all_computers: true } },
    limits: { maxNumComputers: 19 },
    code: 'COMPUTER_LIMIT',
    field: 'all_computers',
    found: '20',
  },
  {
    name: 'update, tags that bring more computers than it may have',
    act: { update: '@small@', to: { tags: ['web'] } },
    limits: { maxNumComputers: 2 },
    code: 'COMPUTER_LIMIT',
    field: 'tags',
    found: '3',
  },
  {
    name: 'update, all computers, more than it may have',
    act: { update: '@small@', to: { all_computers: true } },
    limits: { maxNumComputers: 19 },
    code: 'COMPUTER_LIMIT',
    field: 'all_computers',
    found: '20',
  },
  {
    name: 'update, tags of a profile that exceeds the limit already',
    act: { update: RECURRING, to: { tags: ['db'] } },
    limits: { maxNumComputers: 19 },
    code: 'COMPUTER_LIMIT',
    field: 'all_computers',
    found: '20',
  },
];

const archivedRows: readonly Refused[] = (
  [
    ['a title', { title: 'Another' }],
    ['nothing', {}],
    ['what would be refused anyway', { time_limit: 0 }],
  ] as const
).map(([what, to]) => ({
  name: `update, ${what} of an archived profile`,
  act: { update: '@archivedProfile@', to },
  code: 'PROFILE_ARCHIVED',
  field: 'id',
}));

const unknownIds = [
  ['0', 0],
  ['-1', -1],
  ['of no profile', 4242],
  ['beyond 2^53', '9007199254740993'],
  ['of 20 digits', '99999999999999999999'],
  ['no number', 'abc'],
  ['a number in other digits', '٥'],
  ['with a leading zero', '05'],
  ['of a profile of another account', '@foreignProfile@'],
  ['the global id of a script', '@globalIdOfScript@'],
] as const;

const unknownRows: readonly Refused[] = unknownIds.flatMap(([what, id]): Refused[] => {
  const refusal = { code: 'NOT_FOUND', field: 'id', says: /script profile does not exist/ } as const;
  return [
    { name: `read, id ${what}`, act: { read: id }, ...refusal },
    { name: `update, id ${what}`, act: { update: id, to: { title: 'Another' } }, ...refusal },
    { name: `archive, id ${what}`, act: { archive: id }, ...refusal },
  ];
});

const globalIdRows: readonly Refused[] = [
  { read: '@globalIdOfProfile@' },
  { update: '@globalIdOfProfile@', to: { title: 'Another' } },
  { archive: '@globalIdOfProfile@' },
].map((act) => ({
  name: `${Object.keys(act)[0]}, a global id`,
  act,
  code: 'NOT_FOUND',
  field: 'id',
  only: 'rest',
}));

const triggers = {
  event: [EVENT, { trigger_type: 'event', event_type: 'post_enrollment' }],
  one_time: [ONE_TIME, atNoon],
  recurring: [
    RECURRING,
    { trigger_type: 'recurring', interval: '0 0 * * *', start_after: '2030-01-01T00:00:00Z' },
  ],
} as const;

/** Also if the schedule is empty or invalid, because the kind is checked first. */
const kindRows: readonly Refused[] = Object.entries(triggers).flatMap(([from, [id]]) =>
  [
    ...Object.values(triggers).map(([, trigger]) => trigger),
    { trigger_type: 'recurring' },
    { trigger_type: 'recurring', interval: '@daily' },
  ]
    .filter((trigger) => trigger.trigger_type !== from)
    .map(
      (trigger): Refused => ({
        name: `update, ${from} to ${JSON.stringify(trigger)}`,
        act: { update: id, to: { trigger } },
        code: 'TRIGGER_KIND_FIXED',
        field: 'trigger',
        found: trigger.trigger_type,
      }),
    ),
);

export const refusedActs: readonly Refused[] = [
  ...titleRows,
  ...limitRows,
  ...archivedRows,
  ...unknownRows,
  ...globalIdRows,
  ...kindRows,
];
