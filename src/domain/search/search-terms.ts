import { type ActivityStatus, activityStatuses } from '../activities/activity.ts';
import { type Instant, parseInstant } from '../time.ts';
import { mapSearchQuery, parseSearchQuery, type SearchQuery } from './search-query.ts';
import { type Reading, readingOf, type Term, unexpected } from './search-tokens.ts';

/** A condition on a computer. */
export type ComputerCondition =
  /** Part of the title or hostname, case-insensitive. */
  | { readonly kind: 'keyword'; readonly part: string }
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'title' | 'hostname' | 'tag'; readonly text: string }
  | { readonly kind: 'accessGroup'; readonly name: string; readonly below: boolean }
  /** Associated with this script profile. */
  | { readonly kind: 'scriptProfile'; readonly id: number }
  /** Not seen since a time, which is only known when the query runs. */
  | { readonly kind: 'offline'; readonly since: Instant | null }
  /** Matches no computer, because the property is not stored here. */
  | { readonly kind: 'nothing' };

/** A condition on an activity. */
export type ActivityCondition =
  /** Part of the summary, case-insensitive. */
  | { readonly kind: 'keyword'; readonly part: string }
  | { readonly kind: 'id' | 'parentId'; readonly id: number }
  | { readonly kind: 'status'; readonly status: ActivityStatus }
  | { readonly kind: 'createdFrom' | 'createdBefore'; readonly at: Instant }
  /** E-mail address, case-insensitive. */
  | { readonly kind: 'creator'; readonly email: string }
  | { readonly kind: 'computer'; readonly computers: SearchQuery<ComputerCondition> }
  | { readonly kind: 'type'; readonly type: string };

/** Parses a query for computers. @throws Refusal INVALID_INPUT */
export const computerQuery = (text: string, reading = readingOf('query')): SearchQuery<ComputerCondition> =>
  read(text, reading, computerTerms, (part): ComputerCondition => ({ kind: 'keyword', part }));

/** Parses a query for activities. @throws Refusal INVALID_INPUT */
export const activityQuery = (text: string, reading = readingOf('query')): SearchQuery<ActivityCondition> =>
  read(text, reading, activityTerms, (part): ActivityCondition => ({ kind: 'keyword', part }));

/**
 * Converts the value of a term to a condition, by the name of the term.
 * @throws Refusal INVALID_INPUT, at the position of the value
 */
type Vocabulary<Condition> = Readonly<Record<string, (term: Term, reading: Reading) => Condition>>;

/**
 * Costs of keywords (null) and of terms by name. No index supports these conditions, so each is evaluated on
 * every row.
 */
const COSTS: ReadonlyMap<string | null, number> = new Map([
  [null, 10],
  ['profile', 10],
  ['computer', 10],
  ['alert', 10],
  ['tag', 1],
]);
const MAX_COST = 250;

function read<Condition>(
  text: string,
  reading: Reading,
  vocabulary: Vocabulary<Condition>,
  keyword: (part: string) => Condition,
): SearchQuery<Condition> {
  let before: Term | undefined;
  return mapSearchQuery(parseSearchQuery(text, reading), (term): Condition => {
    addCost(term, reading);
    checkNoTimeInPieces(before, term, text, reading);
    before = term;
    if (term.name === null) return keyword(term.value);
    const condition = Object.hasOwn(vocabulary, term.name) ? vocabulary[term.name] : undefined;
    if (condition) return condition(term, reading);
    const names = Object.keys(vocabulary).filter((name) => !UNKNOWN.includes(name));
    throw unexpected(
      reading,
      term.start,
      `${term.name}:`,
      `one of ${names.sort().join(', ')}, or a keyword in quotes`,
    );
  });
}

const TIMES = ['created-after', 'created-before'];
const REST_OF_TIME = /^(?:\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)$/i;
const REST_OF_ZONE = /^\d\d(?::?\d\d)?$/;

/**
 * Rejects a time that was split by a space. An unencoded `+` arrives as a space and separates the zone from
 * its time. The zone would be searched as a keyword that matches nothing.
 * @throws Refusal INVALID_INPUT
 */
function checkNoTimeInPieces(before: Term | undefined, term: Term, text: string, reading: Reading): void {
  if (!before || !TIMES.includes(before.name ?? '') || term.name !== null) return;
  const between = text.slice(before.indexOf(before.value.length), term.start);
  // A quoted word is an intended keyword.
  if (between.trim() !== '' || between === '' || term.indexOf(0) !== term.start) return;
  const isRest = before.value.includes(':') ? REST_OF_ZONE : REST_OF_TIME;
  if (!isRest.test(term.value)) return;
  const allowed = 'a time without spaces, such as 2011-01-31T10:30:00+02:00 with the + sent as %2B';
  throw unexpected(reading, term.start, term.value, allowed);
}

/** Adds the cost of a term. Nested queries for computers count as well. @throws Refusal INVALID_INPUT */
function addCost({ name, value, start }: Term, reading: Reading): void {
  reading.spent.cost += COSTS.get(name) ?? 0;
  if (reading.spent.cost <= MAX_COST) return;
  const allowed =
    'at most 25 keywords, profile: and computer: terms together, where ten tag: terms count as one';
  throw unexpected(reading, start, name === null ? value : `${name}:`, allowed);
}

const id = ({ value, indexOf }: Term, reading: Reading, start = 0): number => {
  const text = value.slice(start);
  if (!/^\d{1,15}$/.test(text))
    throw unexpected(reading, indexOf(start), text, 'a whole number of at most 15 digits');
  return Number(text);
};

const accessGroup =
  (below: boolean) =>
  ({ value: name }: Term): ComputerCondition => ({ kind: 'accessGroup', name, below });

const exactly =
  (kind: 'title' | 'hostname' | 'tag') =>
  ({ value: text }: Term): ComputerCondition => ({ kind, text });

/** Kinds of profiles that dashboards know. Only script profiles exist here. */
const PROFILES = [
  'script',
  'package',
  'reboot',
  'removal',
  'repository',
  'security',
  'upgrade',
  'usg',
  'wsl',
];

/** Dashboards offer terms for properties that are not stored here. Such a term matches no computer. */
const nothing = (): ComputerCondition => ({ kind: 'nothing' });
const UNKNOWN =
  `annotation distribution ip mac needs release-upgrade search uuid serial vendor product last-ping
  contract contract-expires-within-days license-expires-within-days license-id license-type has-pro-management
  upgrade-profile removal-profile availability-zone instance-id instance-type ami-id
  cpu disk display firmware memory network`.split(/\s+/);

const computerTerms: Vocabulary<ComputerCondition> = {
  id: (term, reading) => ({ kind: 'id', id: id(term, reading) }),
  title: exactly('title'),
  hostname: exactly('hostname'),
  tag: exactly('tag'),
  'access-group': accessGroup(false),
  'access-group-recursive': accessGroup(true),
  profile(term, reading) {
    const type = term.value.split(':', 1)[0]!;
    if (!PROFILES.includes(type) || type === term.value) {
      const allowed = `a kind of profile and its id, such as script:5; kinds are ${PROFILES.join(', ')}`;
      throw unexpected(reading, term.indexOf(0), term.value, allowed);
    }
    if (type !== 'script') return nothing();
    return { kind: 'scriptProfile', id: id(term, reading, 'script:'.length) };
  },
  /** No other alert is implemented. */
  alert: ({ value }) => (value === 'computer-offline' ? { kind: 'offline', since: null } : nothing()),
  ...Object.fromEntries(UNKNOWN.map((name) => [name, nothing])),
};

/** Sets the time after which an online computer must have been seen. */
export const offlineSince = (
  query: SearchQuery<ComputerCondition>,
  since: Instant,
): SearchQuery<ComputerCondition> =>
  mapSearchQuery(query, (condition) =>
    condition.kind === 'offline' ? { kind: 'offline', since } : condition,
  );

/** Whether the result depends on the current time. */
export function asksForOffline(query: SearchQuery<ComputerCondition>): boolean {
  let asks = false;
  mapSearchQuery(query, ({ kind }) => {
    asks ||= kind === 'offline';
  });
  return asks;
}

const activityTerms: Vocabulary<ActivityCondition> = {
  id: (term, reading) => ({ kind: 'id', id: id(term, reading) }),
  'parent-id': (term, reading) => ({ kind: 'parentId', id: id(term, reading) }),
  status({ value, indexOf }, reading) {
    const status = activityStatuses.find((one) => one === value);
    if (!status) throw unexpected(reading, indexOf(0), value, `one of ${activityStatuses.join(', ')}`);
    return { kind: 'status', status };
  },
  'created-after': (term, reading) => ({ kind: 'createdFrom', at: beginning(term, reading) }),
  'created-before': (term, reading) => ({ kind: 'createdBefore', at: beginning(term, reading) }),
  creator: ({ value: email }) => ({ kind: 'creator', email }),
  computer: ({ value, indexOf }, reading) => ({
    kind: 'computer',
    computers: computerQuery(value, {
      ...reading,
      placeOf: (index) => reading.placeOf(indexOf(index)),
    }),
  }),
  type: ({ value: type }) => ({ kind: 'type', type }),
};

const EARLIEST = '0001-01-01T00:00:00';

/** Parses an ISO 8601 date or time of any precision. `2011-01` means the start of that month. */
function beginning({ value, indexOf }: Term, reading: Reading): Instant {
  const isPrefix = /^\d{4}(-\d\d(-\d\d([Tt ]\d\d(:\d\d)?)?)?)?$/.test(value);
  const instant = parseInstant(isPrefix ? value + EARLIEST.slice(value.length) : value);
  if (!instant) {
    throw unexpected(
      reading,
      indexOf(0),
      value,
      'a date or a time such as 2011-01, 2011-01-31 or 2011-01-31T10:30',
    );
  }
  return instant;
}
