import { observerOf } from './observer.ts';
// Import this first, because type-graphql's decorators need it while their modules load.
import 'reflect-metadata';
import type { FastifyBaseLogger } from 'fastify';
import { createAgentApi } from './agents.ts';
import { isOutage, logAvailability } from './availability.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { freeBytesAt, isFullAt } from './database/disk.ts';
import { sampleOf } from './database-sample.ts';
import type { Grant } from './domain/accounts/token.ts';
import type { Change } from './domain/change.ts';
import { refusedRequest } from './graphql/common/errors.ts';
import { GraphContext, type OneRequest } from './graphql/context.ts';
import { createExecutor } from './graphql/execution/execution.ts';
import { prepareOperation } from './graphql/execution/prepared-operation.ts';
import { createAdmission } from './graphql/limits/admission.ts';
import { documentCache } from './graphql/limits/trusted-documents.ts';
import { labelOfSource } from './graphql/request-record.ts';
import { createSchema } from './graphql/schema.ts';
import { createGraphServer } from './graphql/server.ts';
import { createSubscriptions } from './graphql/subscriptions.ts';
import { uploadJudge } from './graphql/uploads.ts';
import { createAuthenticator } from './http/auth/authenticate.ts';
import { createIssuer } from './http/auth/issuer.ts';
import { issuedToken } from './http/auth/tokens.ts';
import { DEADLINES, type HttpDeadlines } from './http/deadlines.ts';
import { createMetrics } from './http/observability/metrics.ts';
import { addMetrics, listenForMetrics } from './http/observability/metrics-endpoint.ts';
import { traced } from './http/observability/tracing.ts';
import { passwordPageAt } from './http/password-page.ts';
import { createHttpServer } from './http/server.ts';
import { embeddedMaintenance } from './maintenance/maintenance.ts';
import { makeAdministrator } from './repositories/accounts/administrators.ts';
import { CHANGES_CHANNEL, parseChange } from './repositories/changes.ts';
import { type Clock, createStore, databaseClock } from './repositories/store.ts';
import { MAX_ANSWER_BYTES, MAX_LIMIT, MAX_TEXTS_BYTES } from './rest/paging.ts';
import { createRestApi } from './rest/rest-api.ts';
import { schedulerOf } from './scheduler.ts';
import { isComputerToken } from './services/computers/computer-token.ts';
import { largeAnswers } from './services/fairness/large-answers.ts';
import { createServices } from './services/index.ts';
import { VERSION } from './services/version.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

export interface AppOptions {
  readonly config: Config;
  /** The current secret, then the previous one if it is still valid. */
  readonly jwtSecrets: readonly string[];
  readonly database: Pick<
    Database,
    'prisma' | 'kind' | 'folder' | 'exclusively' | 'listen' | 'observe' | 'poolUse'
  >;
  readonly log: FastifyBaseLogger;
  /** The folder of the built web console. Undefined if it is not built. */
  readonly consoleFolder?: string;
  /** Tests and chaos runs set the time. */
  readonly clock?: Clock;
  /** Called after an embedded database was moved and became read-only. */
  readonly onMoved?: () => void;
  /** Tests set long deadlines, so that a slow machine does not change results. */
  readonly deadlines?: HttpDeadlines;
}

export interface App {
  /** Starts to listen, without being ready, and returns the base URL. */
  listen(address: { host: string; port: number }): Promise<string>;
  /** Makes the app ready and starts the scheduler. The database must be open. */
  start(): Promise<void>;
  /** Reports the app as not ready but still answers, so that load balancers send requests elsewhere. */
  drain(): void;
  /** Finishes requests in flight. The caller closes the database that it opened. */
  close(): Promise<void>;
}

/** The only place that constructs the parts: store, services, APIs, server and scheduler, in this order. */
export async function createApp({
  config,
  jwtSecrets,
  database,
  log,
  consoleFolder,
  clock,
  onMoved = () => {},
  deadlines = DEADLINES,
}: AppOptions): Promise<App> {
  /** An outage of the database is not our error, and is logged once when it begins. */
  const logFault = (fault: unknown, about: object, message: string) => {
    log[isOutage(fault) ? 'debug' : 'error']({ err: fault, ...about }, message);
  };
  const report = (fault: unknown, requestId?: string) => logFault(fault, { requestId }, 'fault');
  const { onLostAccounts, ...availability } = logAvailability(log);
  const store = createStore(database.prisma, clock, {
    onConflict: (conflict) =>
      log.warn({ err: conflict }, 'A transaction conflicted with another one and was rolled back.'),
    ...availability,
  });
  const metrics = createMetrics(VERSION, deadlines.sample);
  const observer = observerOf(metrics);
  database.observe(observer);
  const services = createServices(store, report, observer);
  const processChange = (change: Change | undefined) => {
    services.live.deliver(change);
    services.agentPings.onChange(change);
  };
  const schema = createSchema();
  const execute = createExecutor(schema);
  const authenticator = createAuthenticator({
    secrets: jwtSecrets,
    ...(config.issuer && {
      issuer: createIssuer(config.issuer, {
        report: (reason) => log.warn({ err: reason }, 'The keys of the token issuer could not be fetched.'),
      }),
    }),
    callerOf: services.people.caller,
    isComputerToken,
    computerOf: services.computers.byToken,
    accountOfKey: services.registrationKeys.accountOf,
  });
  const issueToken = (grant: Grant) => issuedToken(grant, { secret: jwtSecrets[0]! });
  let ownUrl = '';
  const publicUrl = () => config.landscapeUrl ?? ownUrl;
  const own = { services, issueToken, passwordPage: (token: string) => passwordPageAt(publicUrl(), token) };
  const contextOf = (request: OneRequest) => new GraphContext({ ...request, ...own });
  const enterLarge = largeAnswers();
  const admission = createAdmission(schema, config.documentLimits, config.introspection);
  const trusted = await readTrustedDocuments(config, schema);
  const documents = documentCache(trusted);
  let serving = false;

  const graphServer = createGraphServer({
    admission,
    schema,
    execute,
    introspection: config.introspection !== 'off',
    documents,
    trusted,
    maxTokens: config.documentLimits.maxTokens,
    maxCost: config.maxCost,
    report,
  });
  const metricsEndpoint = {
    metrics,
    sources: {
      database: () => sampleOf(database),
      pool: database.poolUse,
      freeBytes: () => freeBytesAt(database.folder),
      clockLag: () => scheduler.lag(),
    },
  };
  const server = await createHttpServer({
    log,
    metrics,
    addMetrics: config.metrics ? (onto) => addMetrics(onto, metricsEndpoint) : undefined,
    authenticator,
    cors: { origins: config.corsOrigins, loopback: config.corsLoopback },
    rateLimit: config.rateLimit,
    requestTimeout: config.requestTimeout,
    deadlines,
    trustedProxies: config.trustedProxies,
    graph: {
      server: graphServer,
      context: ({ closed, ...request }) =>
        contextOf({ ...request, limits: { closed, enterLarge: enterLarge(request.principal, closed) } }),
      admission,
      streams: {
        ...createSubscriptions({ schema, server: graphServer, admission, contextOf, report }),
        onAccessChange: (principal, onChange) =>
          principal.kind === 'person' ? services.live.onAccessChange(principal.caller, onChange) : () => {},
      },
      refuse: refusedRequest,
      isUpload: uploadJudge(admission, documents),
      explorer: config.explorer,
    },
    // The legacy API is a client of the GraphQL API. It runs operations of the same schema as its caller.
    rest: createRestApi({
      authenticate: authenticator.authenticate,
      report,
      strictContentType: config.restStrictContentType,
      prepare: (operation) => {
        const run = prepareOperation(schema, execute, operation);
        const name = labelOfSource(operation);
        const bounds = { largestPage: MAX_LIMIT, largestTexts: MAX_TEXTS_BYTES };
        return (variables, principal, { origin, closed }) => {
          const limits = { largest: MAX_ANSWER_BYTES, closed, enterLarge: enterLarge(principal, closed) };
          return traced(name, {}, () => run(variables, contextOf({ principal, origin, limits, ...bounds })));
        };
      },
    }),
    agents: config.messageSystem
      ? createAgentApi({ services, landscapeUrl: publicUrl, metrics, log, report })
      : undefined,
    console: config.console ? { folder: consoleFolder, issuer: config.issuer?.issuer } : undefined,
    operator:
      database.folder && database.exclusively
        ? {
            secrets: jwtSecrets,
            saveAdministrator: (person) => makeAdministrator(database.prisma, person),
            maintenance: embeddedMaintenance({
              folder: database.folder,
              exclusively: database.exclusively,
              log: (message) => log.info(message),
              // As after a lost connection, all subscriptions load their data again.
              onRestored: () => processChange(undefined),
            }),
            onMoved,
          }
        : undefined,
    health: {
      async isReady() {
        if (!serving) return false;
        await databaseClock(database.prisma);
        return (await isFullAt(database.folder)) ? 'The disk of the database is full.' : true;
      },
    },
  });

  const scheduler = schedulerOf({ config, database, store, services, metrics, onLostAccounts, logFault });

  let changes: { stop(): Promise<void> } | undefined;
  let metricsServer: { readonly port: number; close(): Promise<void> } | undefined;
  return {
    async listen({ host, port }) {
      if (config.metricsPort !== undefined) {
        metricsServer = await listenForMetrics(metricsEndpoint, { host, port: config.metricsPort });
        log.info(`metrics at http://${host}:${metricsServer.port}/metrics`);
      }
      ownUrl = await server.listen({ host, port });
      return ownUrl;
    },
    async start() {
      changes = await database.listen(CHANGES_CHANNEL, (payload) =>
        processChange(payload === undefined ? undefined : parseChange(payload)),
      );
      if (config.scheduler) await scheduler.start();
      serving = true;
    },
    drain() {
      serving = false;
    },
    async close() {
      serving = false;
      await Promise.all([server.close(), config.scheduler && scheduler.stop()]);
      await changes?.stop();
      await metricsServer?.close();
    },
  };
}
