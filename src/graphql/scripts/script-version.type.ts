import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { PersonType } from '../accounts/person.type.ts';
import { ConnectionArgs, connectionType, defaultOrder } from '../common/connection.ts';
import { cacheIdDescription } from '../common/global-id.ts';
import { orderInput } from '../common/order.ts';
import { DateTime } from '../common/scalars.ts';

@ObjectType('ScriptVersion', {
  description: 'One version of the code of a script. Redacting a script deletes the code of all versions.',
  simpleResolvers: true,
})
export class ScriptVersionType {
  @Field(() => ID, { description: cacheIdDescription })
  id!: string;

  @Field(() => Int, {
    description:
      'Number of the version, from 1 in the order of creation. Profiles run the version with the highest number.',
  })
  number!: number;

  @Field(() => String, { description: 'Title of the script when the version was created.' })
  title!: string;

  @Field(() => String, { description: 'Absolute path of the program that runs the code, without `#!`.' })
  interpreter!: string;

  @Field(() => PersonType, { nullable: true, description: 'Creator. Null if the person was deleted.' })
  createdBy!: PersonType | null;

  @Field(() => DateTime, { description: 'Time of creation.' })
  createdAt!: string;
}

export const ScriptVersionConnection = connectionType(
  ScriptVersionType,
  'ScriptVersion',
  'versions of a script',
);

const ScriptVersionOrder = orderInput('ScriptVersion', { NUMBER: 'Number.' });

@ArgsType()
export class ScriptVersionsArgs extends ConnectionArgs {
  @Field(() => ScriptVersionOrder, {
    nullable: true,
    defaultValue: defaultOrder.ScriptVersion,
    description: 'Sort order. Defaults to newest first.',
  })
  orderBy?: InstanceType<typeof ScriptVersionOrder> | null;
}
