import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { invalid } from '../../domain/errors.ts';
import { type EventAction, MAX_EVENT_DAYS, type NumberedType, numberedTypes } from '../../domain/event.ts';
import { mayBeName } from '../../domain/text.ts';
import type { EventFilter } from '../../services/accounts/access-ports.ts';
import { ConnectionArgs, defaultOrder } from '../common/connection.ts';
import { databaseIdOf } from '../common/global-id.ts';
import { checkFilter } from '../common/lists.ts';
import { orderInput } from '../common/order.ts';
import { DateTimeRangeInput } from '../common/time-range.input.ts';
import { EventActionEnum } from './event.type.ts';

const EventOrder = orderInput('Event', { CREATED_AT: 'Time of the event.' });

const EventEntityTypeEnum = Object.fromEntries(numberedTypes.map((type) => [graphName(type), type]));

registerEnumType(EventEntityTypeEnum, {
  name: 'EventEntityType',
  description: 'Type of object that an event is about.',
  valuesConfig: {
    ACCESS_GROUP: { description: 'An access group.' },
    ACTIVITY: { description: 'A run, or one execution of a run.' },
    COMPUTER: { description: 'A computer.' },
    PERSON: { description: 'A person.' },
    ROLE: { description: 'A role.' },
    SCRIPT: { description: 'A script.' },
    SCRIPT_PROFILE: { description: 'A script profile.' },
  },
});

/** Converts a type's name to its enum value: `ScriptProfile` becomes `SCRIPT_PROFILE`. */
function graphName(type: NumberedType): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

@InputType('EventEntityInput', { description: 'Object that events are about. It may be deleted.' })
export class EventEntityInput {
  @Field(() => EventEntityTypeEnum, { description: 'Type of the object.' })
  type!: NumberedType;

  @Field(() => ID, { description: 'Global id or number of the object.' })
  id!: string;
}

@InputType('EventFilter', { description: 'Filter of a list of events. An event must match all fields.' })
export class EventFilterInput {
  @Field(() => [EventActionEnum], { nullable: true, description: 'Actions to include. Defaults to all.' })
  actions?: EventAction[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Person who acted, by global id or number.',
  })
  personId?: string | null;

  @Field(() => EventEntityInput, { nullable: true, description: 'Object that the events are about.' })
  entity?: EventEntityInput | null;

  @Field(() => DateTimeRangeInput, { nullable: true, description: 'Time range of the events.' })
  createdAt?: DateTimeRangeInput | null;

  @Field(() => Int, {
    nullable: true,
    description: `Number of days before now, combined with \`createdAt\`. Minimum 1. Maximum ${MAX_EVENT_DAYS.toLocaleString('en')}.`,
  })
  lastDays?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Part of the action in words (`script archived`), of the title of the object, or of the name or e-mail address of the person. Case is ignored. Maximum 255 characters.',
  })
  search?: string | null;
}

@ArgsType()
export class EventsArgs extends ConnectionArgs {
  @Field(() => EventFilterInput, {
    nullable: true,
    description: 'Filter of the list. Defaults to all items.',
  })
  filter?: EventFilterInput | null;

  @Field(() => EventOrder, {
    nullable: true,
    defaultValue: defaultOrder.Event,
    description: 'Sort order. Defaults to newest first.',
  })
  orderBy?: InstanceType<typeof EventOrder> | null;
}

/** @throws Refusal INVALID_INPUT */
export function eventFilter(input: EventFilterInput | null | undefined): EventFilter {
  const { personId, entity, ...others } = checkFilter(input ?? {});
  const { lastDays } = others;
  if (lastDays != null && (lastDays < 1 || lastDays > MAX_EVENT_DAYS))
    throw invalid('filter.lastDays', lastDays, `a whole number from 1 to ${MAX_EVENT_DAYS}`);
  if (entity && !mayBeName(entity.id))
    throw invalid('filter.entity.id', entity.id, 'a global id or a number');
  return {
    ...others,
    personId: personId == null ? null : databaseIdOf('Person', personId),
    entity: entity && { type: entity.type, id: databaseIdOf(entity.type, entity.id) },
  };
}
