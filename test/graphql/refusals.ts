/**
 * Acts that both APIs refuse. An act is written once as a REST body. The graph's input is derived from it, or given
 * separately. `@name@` stands for a value that exists only in the running world, or that JSON.stringify cannot write.
 */
export interface Refused {
  readonly name: string;
  readonly act: Act;
  readonly code: keyof typeof wire;
  /** Path of the field over REST, and in the graph if it differs. Null if there is no field. */
  readonly field: string | readonly [rest: string, graph: string] | null;
  /** The value found, according to both APIs. Not checked if omitted. */
  readonly found?: string;
  readonly says?: RegExp;
  /** Set if the other API cannot express the act, or gives it another meaning. */
  readonly only?: Api;
  /** Set if the messages differ, for example because enums have different names in each API. */
  readonly ownWords?: boolean;
  /** Limits during the test, which are reset afterwards. */
  readonly limits?: { readonly maxNumComputers?: number; readonly maxNumProfiles?: number };
}

export type Api = 'rest' | 'graph';
export type Body = Readonly<Record<string, unknown>>;
export type Act =
  | { readonly create: Body; readonly graph?: Body }
  | { readonly update: number | string; readonly to: Body; readonly graph?: Body }
  | { readonly archive: number | string }
  | { readonly read: number | string };

/** The REST status and error of each code. */
export const wire = {
  INVALID_INPUT: [400, 'InvalidInput'],
  INVALID_CRON: [400, 'InvalidCron'],
  SCRIPT_NOT_ACTIVE: [400, 'ScriptNotActive'],
  TRIGGER_KIND_FIXED: [400, 'CannotChangeTriggerType'],
  PROFILE_ARCHIVED: [400, 'ScriptProfileArchived'],
  PROFILE_LIMIT: [400, 'ScriptProfileLimit'],
  COMPUTER_LIMIT: [400, 'ComputerLimit'],
  NOT_FOUND: [404, 'NotFound'],
  SCRIPT_NOT_FOUND: [404, 'NotFound'],
  TITLE_TAKEN: [409, 'DuplicateTitle'],
} as const;

/** The three documented profiles, one of each kind. */
export const ONE_TIME = 1;
export const EVENT = 4;
export const RECURRING = 5;

export const valid: Body = {
  title: 'A new profile',
  script_id: 35,
  username: 'root',
  time_limit: 60,
  tags: ['web'],
  all_computers: false,
  trigger: { trigger_type: 'event', event_type: 'post_enrollment' },
};

export const without = (key: string, body: Body = valid): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));

/** A value in the form of an error: JSON of at most 80 characters. */
const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

type Fault = readonly [what: string, value: unknown, more?: Partial<Refused>];

const x = (number: number) => 'x'.repeat(number);
const HUGE = { found: undefined };

const texts: readonly Fault[] = [
  ['a number', 5],
  ['a boolean', true],
  ['a list', ['text']],
  ['an object', { a: 1 }],
  ['empty', ''],
  ['with half of a character', 'a\ud83d', { found: undefined }],
];

const timeLimits: readonly Fault[] = [
  ['a text', '60'],
  ['empty', ''],
  ['a boolean', true],
  ['a list', [60]],
  ['an object', {}],
  ['0', 0, { says: /to 2147483647\b/ }],
  ['-1', -1],
  ['2147483648', 2_147_483_648, { says: /to 2147483647\b/ }],
  ['1.5', 1.5],
  ['1e400', '@1e400@', HUGE],
];

const faults: Readonly<Record<string, readonly Fault[]>> = {
  title: [
    ...texts,
    ['of spaces', ' \t\n '],
    ['of 256 characters', x(256)],
    ['of 256 characters of two code units each', '😀'.repeat(256), { found: undefined }],
    ['with NUL', 'a\0b'],
    ['with ESC', 'a\x1b[2Jb'],
    ['with a right-to-left override', 'a\u202eb'],
    ['with a zero-width space', 'Global\u200bAdmin'],
  ],
  username: [
    ...texts,
    ['of 257 characters', x(257)],
    ['with :', 'a:b'],
    ['with /', 'a/b'],
    ['with NUL', 'a\0b'],
    ['with a newline', 'root\n'],
    ['with a zero-width space', 'ro\u200bot'],
  ],
  time_limit: timeLimits,
  // The legacy API has no such field and ignores it.
  deliver_within: [
    ['a text', '60', { only: 'graph' }],
    ['1.5', 1.5, { only: 'graph' }],
    ['59', 59, { only: 'graph', says: /0, or a whole number of seconds from 60 to 31536000/ }],
    ['31536001', 31_536_001, { only: 'graph' }],
  ],
  all_computers: [
    ['a text', 'true'],
    ['empty', ''],
    ['1', 1],
    ['a list', [true]],
    ['an object', {}],
  ],
  tags: [
    ['a single text', 'web', { only: 'rest' }],
    ['a number', 5, { only: 'rest' }],
    ['an object', { web: true }, { only: 'rest' }],
    ['with a number', ['web', 5], at(1, 5)],
    ['with null', [null], at(0, null)],
    ['with a list', [['web']], at(0, ['web'])],
    ['with an empty one', ['web', ''], at(1, '')],
    ['with a space', ['a b'], at(0, 'a b')],
    ['starting with -', ['web', 'db', '-x'], at(2, '-x')],
    ['with a comma', ['a,b'], at(0, 'a,b')],
    ['with NUL', ['a\0'], at(0, 'a\0')],
    ['of 256 characters', [x(256)], at(0, x(256))],
    [
      '1001 of them',
      Array.from({ length: 1001 }, (_, index) => `tag${index}`),
      { found: '1001', says: /at most 1000 tags/ },
    ],
  ],
};

function at(index: number, item: unknown): Partial<Refused> {
  return { field: `tags.${index}`, found: shown(item) };
}

/** GraphQL accepts a single value as a list of one, so the refusal names the item. */
const graphTags: readonly Refused[] = (
  [
    ['a number', 5],
    ['an object', { web: true }],
  ] as const
).map(([what, value]) => ({
  name: `create, tags ${what}`,
  act: { create: { ...valid, tags: value } },
  code: 'INVALID_INPUT',
  field: 'tags.0',
  found: shown(value),
  only: 'graph',
}));

const fieldRows: readonly Refused[] = Object.entries(faults).flatMap(([key, list]) =>
  list.flatMap(([what, value, more]): Refused[] => {
    const refusal = { code: 'INVALID_INPUT', field: key, found: shown(value), ...more } as const;
    return [
      { name: `create, ${key} ${what}`, act: { create: { ...valid, [key]: value } }, ...refusal },
      { name: `update, ${key} ${what}`, act: { update: RECURRING, to: { [key]: value } }, ...refusal },
    ];
  }),
);

const missingRows: readonly Refused[] = ['title', 'script_id', 'username', 'time_limit', 'trigger'].flatMap(
  (key): Refused[] => {
    const refusal = { code: 'INVALID_INPUT', field: key, ownWords: key === 'trigger' } as const;
    return [
      { name: `create, ${key} missing`, act: { create: without(key) }, found: 'nothing', ...refusal },
      { name: `create, ${key} null`, act: { create: { ...valid, [key]: null } }, found: 'null', ...refusal },
    ];
  },
);

const scriptRows: readonly Refused[] = [
  ...(
    [
      ['0', 0],
      ['-1', -1],
      ['of no script', 4242],
      ['beyond 2^53', 2 ** 53],
      ['of 20 digits', '99999999999999999999'],
      ['no number', 'abc', '"abc"'],
      ['empty', '', '""'],
      ['of a script of another account', '@foreignScript@'],
      ['the global id of a computer', '@globalIdOfComputer@'],
    ] as const
  ).map(
    ([what, id, found]): Refused => ({
      name: `create, script_id ${what}`,
      act: { create: { ...valid, script_id: id } },
      code: 'SCRIPT_NOT_FOUND',
      field: 'script_id',
      found,
    }),
  ),
  {
    name: 'create, script_id a global id',
    act: { create: { ...valid, script_id: '@globalIdOfScript@' } },
    code: 'SCRIPT_NOT_FOUND',
    field: 'script_id',
    only: 'rest',
  },
  ...(
    [
      ['a boolean', true],
      ['a fraction', 1.5],
      ['1e400', '@1e400@', undefined],
      ['a list', [35]],
      ['an object', { id: 35 }],
    ] as const
  ).map(
    ([what, id, ...found]): Refused => ({
      name: `create, script_id ${what}`,
      act: { create: { ...valid, script_id: id } },
      code: 'INVALID_INPUT',
      field: 'script_id',
      found: found.length > 0 ? undefined : shown(id),
    }),
  ),
  ...(['archived', 'redacted'] as const).map(
    (status): Refused => ({
      name: `create, ${status} script`,
      act: { create: { ...valid, script_id: `@${status}Script@` } },
      code: 'SCRIPT_NOT_ACTIVE',
      field: 'script_id',
      found: status.toUpperCase(),
      says: new RegExp(`is ${status}`),
    }),
  ),
];

export const refusedFields: readonly Refused[] = [...missingRows, ...fieldRows, ...graphTags, ...scriptRows];
