/** GraphQL Yoga over Prisma, schema-first as in its tutorial, with data loaders as in its guide to N+1. */
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { DateTimeResolver } from 'graphql-scalars';
import { createSchema, createYoga } from 'graphql-yoga';
import { associated, findProfiles, lastActivities, type Profile, triggerOf } from './prisma.ts';
import { ready } from './ready.ts';
import { typeDefs } from './schema.graphql.ts';

const yoga = createYoga({
  logging: false,
  graphiql: false,
  context: () => ({ counts: new DataLoader(associated), last: new DataLoader(lastActivities) }),
  schema: createSchema<{
    counts: DataLoader<Profile, number>;
    last: DataLoader<Profile, Awaited<ReturnType<typeof lastActivities>>[number]>;
  }>({
    typeDefs,
    resolvers: {
      DateTime: DateTimeResolver,
      Query: {
        scriptProfiles: async (_, { first }: { first: number }) => ({ nodes: await findProfiles(1n, first) }),
      },
      ScriptProfile: {
        databaseId: ({ id }: Profile) => Number(id),
        scriptId: ({ scriptId }: Profile) => Number(scriptId),
        trigger: triggerOf,
        numAssociatedComputers: (profile: Profile, _, { counts }) => counts.load(profile),
        lastActivity: (profile: Profile, _, { last }) => last.load(profile),
      },
      Person: { databaseId: ({ id }: { id: bigint }) => Number(id) },
      Activity: {
        databaseId: ({ id }: { id: bigint }) => Number(id),
        status: ({ status }: { status: string }) => status.toUpperCase(),
      },
    },
  }),
});

const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => ready((server.address() as { port: number }).port));
