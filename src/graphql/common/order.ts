import { Field, InputType, registerEnumType } from 'type-graphql';
import type { Order } from '../../services/listing.ts';

const DirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;

registerEnumType(DirectionEnum, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'The smallest, or the earliest, first.' },
    DESC: { description: 'The largest, or the latest, first.' },
  },
});

/** What a caller asks for. Null means absent. */
export interface OrderBy<Name extends string> {
  readonly field: Name;
  readonly direction?: Order<Name>['direction'] | null;
}

/** `orderBy` of a list: the enum of its fields, and the input that names one with a direction. */
export function orderInput<Name extends string>(name: string, descriptions: Readonly<Record<Name, string>>) {
  const fields = Object.fromEntries(Object.keys(descriptions).map((field) => [field, field]));
  registerEnumType(fields, {
    name: `${name}OrderField`,
    description: 'By what a list can be sorted. Where that ties, the id decides.',
    valuesConfig: Object.fromEntries(
      Object.entries<string>(descriptions).map(([field, description]) => [field, { description }]),
    ),
  });

  @InputType(`${name}Order`, { description: 'How to sort a list.' })
  class OrderInput implements OrderBy<Name> {
    @Field(() => fields, { description: 'By what.' })
    field!: Name;

    @Field(() => DirectionEnum, {
      nullable: true,
      defaultValue: 'DESC',
      description: 'Which end comes first. Defaults to DESC.',
    })
    direction?: 'ASC' | 'DESC' | null;
  }
  return OrderInput;
}
