import { Ctx, Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import type { GraphContext } from '../context.ts';

@ObjectType('Server', { description: 'The server itself, whoever asks.', simpleResolvers: true })
class ServerType {
  @Field(() => String, { description: 'The version of this software.' })
  version!: string;
}

@Resolver(() => ServerType)
export class ServerResolver {
  @Query(() => ServerType, { nullable: true, description: 'The server itself.' })
  server(@Ctx() { services }: GraphContext): ServerType {
    return { version: services.server.version };
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether there is an account: without one, nobody can log in yet.',
  })
  hasAccount(@Ctx() { services }: GraphContext): Promise<boolean> {
    return services.server.hasAccount();
  }
}
