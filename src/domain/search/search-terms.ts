import { type ActivityStatus, activityStatuses } from '../activities/activity.ts';
import { type Instant, parseInstant } from '../time.ts';
import { mapSearchQuery, parseSearchQuery, type SearchQuery } from './search-query.ts';
import { type Reading, readingOf, type Term, unexpected } from './search-tokens.ts';

/** What a term asks of a computer. */
export type ComputerCondition =
  /** A part of title or hostname, in any case. */
  | { readonly kind: 'keyword'; readonly part: string }
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'title' | 'hostname' | 'tag'; readonly text: string }
  | { readonly kind: 'accessGroup'; readonly name: string; readonly below: boolean }
  /** Associated with this script profile. */
  | { readonly kind: 'scriptProfile'; readonly id: number }
  /** Not seen since a time, which is known only where the query is run. */
  | { readonly kind: 'offline'; readonly since: Instant | null }
  /** Asks for what is known of no computer here, such as an alert. */
  | { readonly kind: 'nothing' };

/** What a term asks of an activity. */
export type ActivityCondition =
  /** A part of the summary, in any case. */
  | { readonly kind: 'keyword'; readonly part: string }
  | { readonly kind: 'id' | 'parentId'; readonly id: number }
  | { readonly kind: 'status'; readonly status: ActivityStatus }
  | { readonly kind: 'createdFrom' | 'createdBefore'; readonly at: Instant }
  /** Their e-mail address, in any case. */
  | { readonly kind: 'creator'; readonly email: string }
  | { readonly kind: 'computer'; readonly computers: SearchQuery<ComputerCondition> }
  | { readonly kind: 'type'; readonly type: string };

/** Asks for computers. @throws Refusal INVALID_INPUT */
export const computerQuery = (text: string, reading = readingOf('query')): SearchQuery<ComputerCondition> =>
  read(text, reading, computerTerms, (part): ComputerCondition => ({ kind: 'keyword', part }));

/** Asks for activities. @throws Refusal INVALID_INPUT */
export const activityQuery = (text: string, reading = readingOf('query')): SearchQuery<ActivityCondition> =>
  read(text, reading, activityTerms, (part): ActivityCondition => ({ kind: 'keyword', part }));

/** By name: what a term's value asks for. @throws Refusal INVALID_INPUT, at the value */
type Vocabulary<Condition> = Readonly<Record<string, (term: Term, reading: Reading) => Condition>>;

/** Of keywords (null) and terms of these names: no index leads to what they ask for, so each is tried on every row. */
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
 * A `+` that was not encoded arrives as a space, and parts the zone from its time: that would look for a word that no
 * activity has. So would a date and a time with a space in between. @throws Refusal INVALID_INPUT
 */
function checkNoTimeInPieces(before: Term | undefined, term: Term, text: string, reading: Reading): void {
  if (!before || !TIMES.includes(before.name ?? '') || term.name !== null) return;
  const between = text.slice(before.indexOf(before.value.length), term.start);
  // A word in quotes is meant as one.
  if (between.trim() !== '' || between === '' || term.indexOf(0) !== term.start) return;
  const isRest = before.value.includes(':') ? REST_OF_ZONE : REST_OF_TIME;
  if (!isRest.test(term.value)) return;
  const allowed = 'a time without spaces, such as 2011-01-31T10:30:00+02:00 with the + sent as %2B';
  throw unexpected(reading, term.start, term.value, allowed);
}

/** What a query for computers within the query asks for costs as well. @throws Refusal INVALID_INPUT */
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

/** Of the other kinds of profile there are none here. */
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

/** What dashboards' search boxes offer, and we know of no computer: none has it. */
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
  /** Of the other alerts nothing is known. */
  alert: ({ value }) => (value === 'computer-offline' ? { kind: 'offline', since: null } : nothing()),
  ...Object.fromEntries(UNKNOWN.map((name) => [name, nothing])),
};

/** The query with the time before which a computer must have been seen to be offline. */
export const offlineSince = (
  query: SearchQuery<ComputerCondition>,
  since: Instant,
): SearchQuery<ComputerCondition> =>
  mapSearchQuery(query, (condition) =>
    condition.kind === 'offline' ? { kind: 'offline', since } : condition,
  );

/** Whether the answer depends on the time. */
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

/** ISO 8601, as far as it is given: `2011-01` is that month, and begins where the month does. */
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
