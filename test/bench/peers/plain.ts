/** Apollo Server, type-graphql and Prisma as in their tutorials, with data loaders for nested objects. */
import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import {
  Arg,
  buildSchema,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import {
  associated,
  findProfile,
  findProfiles,
  lastActivities,
  type Profile,
  prisma,
  triggerOf,
  withCreators,
} from './prisma.ts';
import { ready } from './ready.ts';

interface Context {
  counts: DataLoader<Profile, number>;
  last: DataLoader<Profile, Awaited<ReturnType<typeof lastActivities>>[number]>;
}

@ObjectType()
class AccessGroup {
  @Field(() => String)
  name!: string;
}

@ObjectType()
class Person {
  id!: bigint;

  @Field(() => Int)
  get databaseId(): number {
    return Number(this.id);
  }

  @Field(() => String)
  name!: string;

  @Field(() => String)
  email!: string;
}

@ObjectType()
class EventTrigger {
  @Field(() => String)
  eventType!: string;
}

@ObjectType()
class OneTimeTrigger {
  @Field(() => GraphQLDateTimeISO)
  timestamp!: Date;

  @Field(() => Boolean)
  isFinished!: boolean;

  @Field(() => GraphQLDateTimeISO, { nullable: true })
  nextRun?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true })
  lastRun?: Date;
}

@ObjectType()
class RecurringTrigger {
  @Field(() => String)
  interval!: string;

  @Field(() => GraphQLDateTimeISO)
  startAfter!: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true })
  nextRun?: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true })
  lastRun?: Date;
}

const Trigger = createUnionType({
  name: 'Trigger',
  types: () => [EventTrigger, OneTimeTrigger, RecurringTrigger] as const,
  resolveType: (value) => (value as unknown as { __typename: string }).__typename,
});

@ObjectType()
class Activity {
  id!: bigint;

  @Field(() => Int)
  get databaseId(): number {
    return Number(this.id);
  }

  @Field(() => GraphQLDateTimeISO)
  creationTime!: Date;

  @Field(() => Person, { nullable: true })
  creator?: Person;

  @Field(() => String)
  summary!: string;

  @Field(() => GraphQLDateTimeISO, { nullable: true })
  completionTime?: Date;

  @Field(() => String)
  status!: string;

  @Field(() => String, { nullable: true })
  resultText?: string;

  @Field(() => Int, { nullable: true })
  resultCode?: number;
}

@ObjectType()
class ScriptProfile {
  id!: bigint;

  @Field(() => Int)
  get databaseId(): number {
    return Number(this.id);
  }

  @Field(() => String)
  title!: string;

  @Field(() => AccessGroup)
  accessGroup!: AccessGroup;

  @Field(() => Person, { nullable: true })
  createdBy?: Person;

  @Field(() => GraphQLDateTimeISO)
  createdAt!: Date;

  @Field(() => GraphQLDateTimeISO)
  lastEditedAt!: Date;

  @Field(() => Boolean)
  allComputers!: boolean;

  @Field(() => [String])
  tags!: string[];

  @Field(() => Int)
  timeLimit!: number;

  @Field(() => String)
  username!: string;

  @Field(() => Boolean)
  archived!: boolean;
}

@ObjectType()
class ScriptProfileConnection {
  @Field(() => [ScriptProfile])
  nodes!: ScriptProfile[];
}

@ObjectType()
class Payload {
  @Field(() => ScriptProfile)
  scriptProfile!: ScriptProfile;
}

@InputType()
class CreateScriptProfileInput {
  @Field(() => String)
  title!: string;

  @Field(() => ID)
  scriptId!: string;

  @Field(() => String)
  username!: string;

  @Field(() => Int)
  timeLimit!: number;
}

@InputType()
class UpdateScriptProfileInput {
  @Field(() => ID)
  id!: string;

  @Field(() => Int)
  timeLimit!: number;
}

@Resolver(() => Activity)
class ActivityResolver {
  @FieldResolver(() => String)
  status(@Root() { status }: Activity) {
    return status.toUpperCase();
  }
}

@Resolver(() => ScriptProfile)
class ScriptProfileResolver {
  @Query(() => ScriptProfileConnection)
  async scriptProfiles(@Arg('first', () => Int) first: number) {
    return { nodes: await findProfiles(1n, first) };
  }

  @Query(() => ScriptProfile, { nullable: true })
  scriptProfile(@Arg('id', () => ID) id: string) {
    return findProfile(1n, BigInt(id));
  }

  @FieldResolver(() => Int)
  scriptId(@Root() { scriptId }: Profile) {
    return Number(scriptId);
  }

  @FieldResolver(() => Trigger)
  trigger(@Root() profile: Profile) {
    return triggerOf(profile);
  }

  @FieldResolver(() => Int)
  numAssociatedComputers(@Root() profile: Profile, @Ctx() { counts }: Context) {
    return counts.load(profile);
  }

  @FieldResolver(() => Activity, { nullable: true })
  lastActivity(@Root() profile: Profile, @Ctx() { last }: Context) {
    return last.load(profile);
  }

  @Mutation(() => Payload)
  async createScriptProfile(@Arg('input', () => CreateScriptProfileInput) input: CreateScriptProfileInput) {
    const { title, username, timeLimit } = input;
    const id = { accountId: 1n, id: BigInt(input.scriptId) };
    const scriptProfile = await prisma.$transaction(async (tx) => {
      const limits = await tx.scriptProfileLimits.findUniqueOrThrow({ where: { accountId: 1n } });
      const script = await tx.script.findUniqueOrThrow({ where: { accountId_id: id } });
      if (await tx.scriptProfile.findUnique({ where: { accountId_title: { accountId: 1n, title } } }))
        throw new Error('taken');
      if (
        (await tx.scriptProfile.count({ where: { accountId: 1n, archived: false } })) >= limits.maxNumProfiles
      )
        throw new Error('limit');
      const now = new Date();
      return tx.scriptProfile.create({
        data: {
          ...{
            accountId: 1n,
            title,
            username,
            timeLimit,
            scriptId: script.id,
            accessGroupId: script.accessGroupId,
          },
          ...{
            createdById: script.createdById,
            createdAt: now,
            lastEditedAt: now,
            allComputers: true,
            tags: [],
          },
          ...{ triggerKind: 'event', eventType: 'post_enrollment' },
        },
        include: { accessGroup: true },
      });
    });
    return { scriptProfile: (await withCreators([scriptProfile]))[0] };
  }

  @Mutation(() => Payload)
  async updateScriptProfile(
    @Arg('input', () => UpdateScriptProfileInput) { id, timeLimit }: UpdateScriptProfileInput,
  ) {
    const scriptProfile = await prisma.scriptProfile.update({
      where: { accountId_id: { accountId: 1n, id: BigInt(id) }, archived: false },
      data: { timeLimit, lastEditedAt: new Date(), version: { increment: 1 } },
      include: { accessGroup: true },
    });
    return { scriptProfile: (await withCreators([scriptProfile]))[0] };
  }
}

const server = new ApolloServer<Context>({
  schema: await buildSchema({ resolvers: [ScriptProfileResolver, ActivityResolver], validate: false }),
});
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ counts: new DataLoader(associated), last: new DataLoader(lastActivities) }),
});
ready(Number(new URL(url).port));
