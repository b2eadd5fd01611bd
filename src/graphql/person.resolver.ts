import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphContext } from './context.ts';
import { nodeResolver } from './node.resolver.ts';
import { PersonType } from './person.type.ts';

@ObjectType('Viewer', { description: 'Who is asking.', simpleResolvers: true })
export class ViewerType {
  @Field(() => PersonType, { description: 'The person behind the token.' })
  person!: object;

  @Field(() => String, { description: 'The name of the account that the token is for.' })
  accountName!: string;
}

@Resolver(() => PersonType)
export class PersonResolver extends nodeResolver(PersonType, 'Person') {
  @Query(() => ViewerType, { nullable: true, description: 'Who is asking.' })
  viewer(@Ctx() { caller }: GraphContext): ViewerType {
    const { personId, name, email, accountName } = caller;
    return { person: { id: personId, name, email }, accountName };
  }
}
