import { Field, InputType } from 'type-graphql';
import type { TimeRange } from '../../domain/time-range.ts';
import { DateTime } from './scalars.ts';

@InputType('DateTimeRange', {
  description: 'A range of time, open where an end is left out. A time that is null is in no range.',
})
export class DateTimeRangeInput implements TimeRange {
  @Field(() => DateTime, { nullable: true, description: 'From this time on, this very time included.' })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until just before this time; no earlier than `from`.',
  })
  until?: string | null;
}
