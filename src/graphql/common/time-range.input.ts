import { Field, InputType } from 'type-graphql';
import type { TimeRange } from '../../domain/time-range.ts';
import { DateTime } from './scalars.ts';

@InputType('DateTimeRange', {
  description: 'A time range, open at an end that is omitted. A time that is null is in no range.',
})
export class DateTimeRangeInput implements TimeRange {
  @Field(() => DateTime, { nullable: true, description: 'Start of the range, inclusive.' })
  from?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'End of the range, exclusive. Must not be earlier than `from`.',
  })
  until?: string | null;
}
