import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../common/node.type.ts';

@ObjectType('Person', {
  implements: NodeType,
  description:
    'A person who can log in. Every caller sees the creators of the objects that they may see. A lookup by id requires ViewRole, except for the caller’s own id.',
  simpleResolvers: true,
})
export class PersonType extends NodeType {
  @Field(() => String, { description: 'Name of the person.' })
  name!: string;

  @Field(() => String, { description: 'E-mail address of the person, used to log in.' })
  email!: string;
}
