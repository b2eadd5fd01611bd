import { Field, ID, InterfaceType } from 'type-graphql';
import { SafeInt } from './scalars.ts';

export const idDescription = 'Global id: opaque, and unique among all types.';
export const databaseIdDescription = 'Number of the object in the REST API, unique within its type.';

@InterfaceType('Node', {
  description: 'An object with a global id, which `node` can look up.',
  autoRegisterImplementations: false,
})
export abstract class NodeType {
  @Field(() => ID, { description: idDescription })
  id!: string;

  @Field(() => SafeInt, { description: databaseIdDescription })
  databaseId!: number;
}
