import { Ctx, Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphContext } from '../context.ts';

@ObjectType('Server', {
  description: 'Information about the server. It is the same for every caller.',
  simpleResolvers: true,
})
class ServerType {
  @Field(() => String, { description: 'Version of this software.' })
  version!: string;
}

@Resolver(() => ServerType)
export class ServerResolver {
  @Query(() => ServerType, { nullable: true, description: 'Information about the server.' })
  server(@Ctx() { services }: GraphContext): ServerType {
    return { version: services.server.version };
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether an account exists. Log-in is impossible before the first one is created.',
  })
  hasAccount(@Ctx() { services }: GraphContext): Promise<boolean> {
    return services.server.hasAccount();
  }
}
