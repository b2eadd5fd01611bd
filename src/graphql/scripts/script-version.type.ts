import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { PersonType } from '../accounts/person.type.ts';
import { ConnectionArgs, connectionType, defaultOrder } from '../common/connection.ts';
import { cacheIdDescription } from '../common/global-id.ts';
import { orderInput } from '../common/order.ts';
import { DateTime } from '../common/scalars.ts';

@ObjectType('ScriptVersion', {
  description: 'A script as its text was at one time. Redacting overwrites the text of all versions.',
  simpleResolvers: true,
})
export class ScriptVersionType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => Int, { description: 'From 1, in the order in which they were made; the last one is run.' })
  number!: number;

  @Field(() => String, { description: 'The script’s title when it was made.' })
  title!: string;

  @Field(() => String, { description: 'The absolute path of the program that runs it, without `#!`.' })
  interpreter!: string;

  @Field(() => PersonType, { nullable: true, description: 'Who made it; null when the person is gone.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: string;
}

export const ScriptVersionConnection = connectionType(
  ScriptVersionType,
  'ScriptVersion',
  'versions of a script',
);

const ScriptVersionOrder = orderInput('ScriptVersion', { NUMBER: 'Its number.' });

@ArgsType()
export class ScriptVersionsArgs extends ConnectionArgs {
  @Field(() => ScriptVersionOrder, {
    nullable: true,
    defaultValue: defaultOrder.ScriptVersion,
    description: 'Order of the list. Defaults to the newest first.',
  })
  orderBy?: InstanceType<typeof ScriptVersionOrder> | null;
}
