import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../common/node.type.ts';
import { SafeInt } from '../common/scalars.ts';

@ObjectType('AccessGroup', {
  implements: NodeType,
  description:
    'A node of the account’s tree of access groups, whose root is `global`. Scripts, script profiles and computers are each in one; a right held in a group extends to its descendants.',
  simpleResolvers: true,
})
export class AccessGroupType extends NodeType {
  @Field(() => String, { description: 'Unique in the account; what REST shows.' })
  name!: string;

  @Field(() => String, { description: 'The name as people read it.' })
  title!: string;

  @Field(() => AccessGroupType, {
    nullable: true,
    description: 'The group that it is in; null for the root, and where the caller may not see it.',
  })
  parent?: AccessGroupType | null;

  @Field(() => [AccessGroupType], {
    complexity: ({ childComplexity }) => 1 + 10 * childComplexity,
    description: 'The groups directly below it that the caller may see, by name.',
  })
  children!: readonly AccessGroupType[];

  @Field(() => SafeInt, {
    description: 'Number of accepted computers in it, and not below it, that the caller may see.',
  })
  numComputers!: number;

  @Field(() => SafeInt, {
    description: 'Number of active scripts in it, and not below it, that the caller may see.',
  })
  numScripts!: number;

  @Field(() => SafeInt, {
    description:
      'Number of script profiles in it, and not below it, that are not archived and that the caller may see.',
  })
  numScriptProfiles!: number;
}
