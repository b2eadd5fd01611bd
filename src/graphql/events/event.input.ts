import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { invalid } from '../../domain/errors.ts';
import { type EventAction, type NumberedType, numberedTypes } from '../../domain/event.ts';
import { mayBeName } from '../../domain/text.ts';
import type { EventFilter } from '../../services/accounts/access-ports.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { EventActionEnum } from './event.type.ts';

const EventOrder = orderInput('Event', { CREATED_AT: 'When it was done.' });

const EventEntityTypeEnum = Object.fromEntries(numberedTypes.map((type) => [graphName(type), type]));

registerEnumType(EventEntityTypeEnum, {
  name: 'EventEntityType',
  description: 'The types of what events are about.',
  valuesConfig: {
    ACCESS_GROUP: { description: 'An access group.' },
    ACTIVITY: { description: 'A run, or its part on one computer.' },
    COMPUTER: { description: 'A computer.' },
    PERSON: { description: 'A person.' },
    ROLE: { description: 'A role.' },
    SCRIPT: { description: 'A script.' },
    SCRIPT_PROFILE: { description: 'A script profile.' },
  },
});

/** `ScriptProfile` as `SCRIPT_PROFILE`. */
function graphName(type: NumberedType): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

@InputType('EventEntityInput', { description: 'What events are about. It may be gone.' })
export class EventEntityInput {
  @Field(() => EventEntityTypeEnum, { description: 'Its type.' })
  type!: NumberedType;

  @Field(() => ID, { description: 'Its global id or its number.' })
  id!: string;
}

@InputType('EventFilter', { description: 'Which events to list: those that match all of it.' })
export class EventFilterInput {
  @Field(() => [EventActionEnum], { nullable: true, description: 'Any of these actions.' })
  actions?: EventAction[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What this person did, by their global id or their number.',
  })
  personId?: string | null;

  @Field(() => EventEntityInput, { nullable: true, description: 'What was done to this.' })
  entity?: EventEntityInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Done in this time.' })
  createdAt?: DateTimeRangeInput | null;
}

@ArgsType()
export class EventsArgs extends ConnectionArgs {
  @Field(() => EventFilterInput, { nullable: true, description: 'Which ones to list. Defaults to all.' })
  filter?: EventFilterInput | null;

  @Field(() => EventOrder, {
    nullable: true,
    defaultValue: defaultOrder.Event,
    description: 'Order of the list. Defaults to the newest first.',
  })
  orderBy?: InstanceType<typeof EventOrder> | null;
}

/** @throws Refusal INVALID_INPUT */
export function eventFilter(input: EventFilterInput | null | undefined): EventFilter {
  const { personId, entity, ...others } = checkFilter(input ?? {});
  if (entity && !mayBeName(entity.id))
    throw invalid('filter.entity.id', entity.id, 'a global id or a number');
  return {
    ...others,
    personId: personId == null ? null : databaseIdOf('Person', personId),
    entity: entity && { type: entity.type, id: databaseIdOf(entity.type, entity.id) },
  };
}
