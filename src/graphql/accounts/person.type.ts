import { Field, ObjectType } from 'type-graphql';
import { NodeType } from '../common/node.type.ts';

@ObjectType('Person', {
  implements: NodeType,
  description:
    'Someone who logs in. Shown to everybody beside what they made; found by id only by themselves, and with ViewRole.',
  simpleResolvers: true,
})
export class PersonType extends NodeType {
  @Field(() => String, { description: 'Their name.' })
  name!: string;

  @Field(() => String, { description: 'Their e-mail address, with which they log in.' })
  email!: string;
}
