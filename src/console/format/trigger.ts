import { graphql, read } from '../app/graphql.ts';
import type { FragmentType } from '../generated/fragment-masking.ts';
import { localTime } from './time.ts';

const TRIGGER = graphql(`
  fragment TriggerWords on Trigger {
    __typename
    ... on EventTrigger { eventType }
    ... on OneTimeTrigger { timestamp }
    ... on RecurringTrigger { interval description }
  }
`);

/** A trigger in words: `At 08:00, Monday through Friday (UTC)`. */
export function triggerWords(of: FragmentType<typeof TRIGGER>): string {
  const trigger = read(TRIGGER, of);
  switch (trigger.__typename) {
    case 'RecurringTrigger':
      return trigger.description;
    case 'OneTimeTrigger':
      return `Once, ${localTime(trigger.timestamp)}`;
    case 'EventTrigger':
      return 'When a computer enrols';
  }
}
