import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../common/node.type.ts';
import { SafeInt } from '../common/scalars.ts';

@ObjectType('AccessGroup', {
  implements: NodeType,
  description:
    'A node of the account’s tree of access groups, whose root is `global`. Each script, script profile and computer is in one group. A permission held in a group extends to its descendants.',
  simpleResolvers: true,
})
export class AccessGroupType extends NodeType {
  @Field(() => String, { description: 'Name of the group in the REST API, unique in the account.' })
  name!: string;

  @Field(() => String, { description: 'Title for display.' })
  title!: string;

  @Field(() => AccessGroupType, {
    nullable: true,
    description: 'Parent group. Null for the root, or if the caller may not see the parent.',
  })
  parent?: AccessGroupType | null;

  @Field(() => [AccessGroupType], {
    complexity: ({ childComplexity }) => 1 + 10 * childComplexity,
    description: 'Child groups that the caller may see, sorted by name.',
  })
  children!: readonly AccessGroupType[];

  @Field(() => SafeInt, {
    description: 'Number of accepted computers that the caller may see, directly in this group.',
  })
  numComputers!: number;

  @Field(() => SafeInt, {
    description: 'Number of active scripts that the caller may see, directly in this group.',
  })
  numScripts!: number;

  @Field(() => SafeInt, {
    description:
      'Number of script profiles that the caller may see, directly in this group. Archived profiles are not counted.',
  })
  numScriptProfiles!: number;
}
