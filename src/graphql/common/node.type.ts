import { Field, ID, InterfaceType } from 'type-graphql';
import { SafeInt } from './scalars.ts';

export const idDescription = 'The global id: opaque, and unique among all types.';
export const databaseIdDescription = 'The number that REST shows; unique among its type.';

@InterfaceType('Node', {
  description: 'Something with a global id, under which `node` finds it again.',
  autoRegisterImplementations: false,
})
export abstract class NodeType {
  @Field(() => ID, { description: idDescription })
  id!: string;

  @Field(() => SafeInt, { description: databaseIdDescription })
  databaseId!: number;
}
