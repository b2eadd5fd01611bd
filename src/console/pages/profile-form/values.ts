import { graphql } from '../../app/graphql.ts';
import type {
  CreateScriptProfileInput,
  OverlapPolicy,
  ProfileValuesFragment,
  UpdateScriptProfileInput,
} from '../../generated/graphql.ts';
import { type Amount, amountOf, secondsOf } from './amount.ts';

/** The fields that a profile and the form have in common. */
export const PROFILE_VALUES = graphql(`
  fragment ProfileValues on ScriptProfile {
    id
    databaseId
    version
    title
    username
    timeLimit
    deliverWithin
    overlap
    allComputers
    tags
    scriptId
    trigger {
      __typename
      ... on RecurringTrigger { interval startAfter }
      ... on OneTimeTrigger { timestamp }
    }
  }
`);

export type Kind = 'recurring' | 'oneTime' | 'event';

/** What the form holds. */
export interface Values {
  readonly title: string;
  /** Number of the script. Empty until it is chosen. */
  readonly scriptId: string;
  readonly username: string;
  readonly timeLimit: Amount;
  /** Without an amount there is no limit. */
  readonly deliverWithin: Amount;
  readonly overlap: OverlapPolicy;
  readonly allComputers: boolean;
  readonly tags: readonly string[];
  readonly kind: Kind;
  readonly interval: string;
  readonly startAfter: string;
  readonly timestamp: string;
}

const kinds = { RecurringTrigger: 'recurring', OneTimeTrigger: 'oneTime', EventTrigger: 'event' } as const;

/** A new profile. @param now start of the form, to the minute */
export const emptyValues = (now: string, scriptId = ''): Values => ({
  title: '',
  scriptId,
  username: 'root',
  timeLimit: { amount: '5', unit: 'min' },
  deliverWithin: { amount: '', unit: 'h' },
  overlap: 'ALLOW' as OverlapPolicy,
  allComputers: false,
  tags: [],
  kind: 'recurring',
  interval: '0 8 * * MON-FRI',
  startAfter: now,
  timestamp: now,
});

/** The values of a profile. The times that its trigger does not have are those of a new profile. */
export function valuesOf(profile: ProfileValuesFragment, now: string): Values {
  const { trigger, timeLimit, deliverWithin, scriptId } = profile;
  return {
    ...emptyValues(now, String(scriptId)),
    title: profile.title,
    username: profile.username,
    timeLimit: amountOf(timeLimit),
    deliverWithin: deliverWithin ? amountOf(deliverWithin) : { amount: '', unit: 'h' },
    overlap: profile.overlap,
    allComputers: profile.allComputers,
    tags: profile.tags,
    kind: kinds[trigger.__typename],
    ...(trigger.__typename === 'RecurringTrigger' && {
      interval: trigger.interval,
      startAfter: trigger.startAfter,
    }),
    ...(trigger.__typename === 'OneTimeTrigger' && { timestamp: trigger.timestamp }),
  };
}

/** The field of the form for each path of the mutations' inputs. */
export const keyOfPath: Readonly<Record<string, keyof Values>> = {
  title: 'title',
  username: 'username',
  timeLimit: 'timeLimit',
  deliverWithin: 'deliverWithin',
  overlap: 'overlap',
  allComputers: 'allComputers',
  tags: 'tags',
  'trigger.recurring.interval': 'interval',
  'trigger.recurring.startAfter': 'startAfter',
  'trigger.oneTime.timestamp': 'timestamp',
};

export function createInput(values: Values): CreateScriptProfileInput {
  const { title, scriptId, username, overlap, allComputers, tags, interval, startAfter, timestamp } = values;
  const triggers = {
    recurring: { recurring: { interval, startAfter } },
    oneTime: { oneTime: { timestamp } },
    event: { event: { eventType: 'POST_ENROLLMENT' as never } },
  };
  return {
    title,
    scriptId,
    username,
    timeLimit: secondsOf(values.timeLimit)!,
    deliverWithin: secondsOf(values.deliverWithin) ?? 0,
    overlap,
    allComputers,
    // Tags without effect would puzzle the next reader.
    tags: allComputers ? [] : [...tags],
    trigger: triggers[values.kind],
  };
}

/** Only the fields that differ from the base, so that an edit keeps what other people changed in other fields. */
export function updateInput(id: string, base: Values, values: Values): UpdateScriptProfileInput {
  const isChanged = (key: keyof Values) => JSON.stringify(base[key]) !== JSON.stringify(values[key]);
  const { trigger, timeLimit, deliverWithin, title, username, overlap, allComputers } = createInput(values);
  const { interval, startAfter } = values;
  return {
    id,
    ...(isChanged('title') && { title }),
    ...(isChanged('username') && { username }),
    ...(isChanged('timeLimit') && { timeLimit }),
    ...(isChanged('deliverWithin') && { deliverWithin }),
    ...(isChanged('overlap') && { overlap }),
    ...(isChanged('allComputers') && { allComputers }),
    ...(isChanged('tags') && { tags: [...values.tags] }),
    ...((isChanged('interval') || isChanged('startAfter')) && {
      trigger: {
        recurring: {
          ...(isChanged('interval') && { interval }),
          ...(isChanged('startAfter') && { startAfter }),
        },
      },
    }),
    ...(isChanged('timestamp') && { trigger: { oneTime: trigger.oneTime! } }),
  };
}
