import { Field, InputType, registerEnumType } from 'type-graphql';
import type { Order } from '../../services/listing.ts';

const DirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;

registerEnumType(DirectionEnum, {
  name: 'OrderDirection',
  description: 'Direction of a sort order.',
  valuesConfig: {
    ASC: { description: 'Smallest or earliest first.' },
    DESC: { description: 'Largest or latest first.' },
  },
});

/** The order that a caller requests. Null means the same as absent. */
export interface OrderBy<Name extends string> {
  readonly field: Name;
  readonly direction?: Order<Name>['direction'] | null;
}

/** Creates the `orderBy` input of a list and the enum of its sort fields. */
export function orderInput<Name extends string>(name: string, descriptions: Readonly<Record<Name, string>>) {
  const fields = Object.fromEntries(Object.keys(descriptions).map((field) => [field, field]));
  registerEnumType(fields, {
    name: `${name}OrderField`,
    description: 'Fields by which the list can be sorted. Items with equal values are sorted by id.',
    valuesConfig: Object.fromEntries(
      Object.entries<string>(descriptions).map(([field, description]) => [field, { description }]),
    ),
  });

  @InputType(`${name}Order`, { description: 'Sort order of a list.' })
  class OrderInput implements OrderBy<Name> {
    @Field(() => fields, { description: 'Field to sort by.' })
    field!: Name;

    @Field(() => DirectionEnum, {
      nullable: true,
      defaultValue: 'DESC',
      description: 'Sort direction. Defaults to DESC.',
    })
    direction?: 'ASC' | 'DESC' | null;
  }
  return OrderInput;
}
