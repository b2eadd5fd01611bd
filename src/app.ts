// type-graphql's decorators need it while their modules load: before any of them.
import 'reflect-metadata';
import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';
import { createContext } from './graphql/context.ts';
import { refusedRequest } from './graphql/errors.ts';
import { prepareOperation } from './graphql/prepared-operation.ts';
import { createSchema } from './graphql/schema.ts';
import { createGraphServer } from './graphql/server.ts';
import { createAuthenticator } from './http/authenticate.ts';
import { createHttpServer } from './http/server.ts';
import type { Database } from './persistence/database.ts';
import { type Clock, createStore, databaseClock } from './persistence/store.ts';
import { createRestDoor } from './rest/door.ts';
import { LARGEST_LIMIT } from './rest/paging.ts';
import { createServices } from './services/index.ts';

export interface AppOptions {
  readonly config: Pick<
    Config,
    'corsOrigins' | 'explorer' | 'introspection' | 'rateLimit' | 'restStrictContentType'
  >;
  /** The current secret first, then the one before it. */
  readonly jwtSecrets: readonly string[];
  readonly database: Pick<Database, 'prisma'>;
  readonly log: FastifyBaseLogger;
  /** Tests and chaos runs move the time. */
  readonly clock?: Clock;
}

export interface App {
  /** Starts to listen, and answers with the base URL. */
  listen(address: { host: string; port: number }): Promise<string>;
  /** Finishes the requests in flight. The database is its opener's to close. */
  close(): Promise<void>;
}

/** The only place that constructs things: store → services → doors → server. */
export async function createApp({ config, jwtSecrets, database, log, clock }: AppOptions): Promise<App> {
  const services = createServices(createStore(database.prisma, clock));
  const schema = createSchema();
  const authenticate = createAuthenticator({ secrets: jwtSecrets, callerOf: services.people.caller });
  const report = (fault: unknown, requestId?: string) => log.error({ err: fault, requestId }, 'fault');
  let draining = false;

  const server = await createHttpServer({
    log,
    authenticate,
    corsOrigins: config.corsOrigins,
    rateLimit: config.rateLimit,
    graph: {
      server: createGraphServer({
        schema,
        introspection: config.introspection !== 'off',
        explorer: config.explorer,
        report,
      }),
      context: ({ caller, requestId }) => createContext({ caller, services, requestId }),
      refuse: refusedRequest,
      explorer: config.explorer,
    },
    // The legacy API is a client of the graph: it runs operations of the same schema, as its caller.
    rest: createRestDoor({
      authenticate,
      report,
      strictContentType: config.restStrictContentType,
      prepare: (operation) => {
        const run = prepareOperation(schema, operation);
        return (variables, caller, requestId) =>
          run(variables, createContext({ caller, services, requestId, largestPage: LARGEST_LIMIT }));
      },
    }),
    health: {
      async isReady() {
        if (draining) return false;
        await databaseClock(database.prisma);
        return true;
      },
    },
  });

  return {
    listen: ({ host, port }) => server.listen({ host, port }),
    close: async () => {
      draining = true;
      await server.close();
    },
  };
}
