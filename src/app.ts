// type-graphql's decorators need it while their modules load: before any of them.
import 'reflect-metadata';
import type { FastifyBaseLogger } from 'fastify';
import { createAgentDoor } from './agents.ts';
import { logAvailability } from './availability.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import { freeBytesAt, isFullAt } from './database/disk.ts';
import { sampleOf } from './database-sample.ts';
import type { Grant } from './domain/accounts/token.ts';
import type { Change } from './domain/change.ts';
import { Refusal } from './domain/errors.ts';
import { refusedRequest } from './graphql/common/errors.ts';
import { GraphContext, type GraphRequest } from './graphql/context.ts';
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
import { traced, tracedStatement } from './http/observability/tracing.ts';
import { createHttpServer } from './http/server.ts';
import { embeddedMaintenance } from './maintenance/maintenance.ts';
import { makeAdministrator } from './repositories/accounts/administrators.ts';
import { CLOCK_CHANNEL } from './repositories/activities/runs.ts';
import { CHANGES_CHANNEL, parseChange } from './repositories/changes.ts';
import { type Clock, createStore, databaseClock } from './repositories/store.ts';
import { LARGEST_ANSWER, LARGEST_LIMIT, LARGEST_TEXTS } from './rest/paging.ts';
import { createRestDoor } from './rest/rest-api.ts';
import { dueProfiles } from './scheduling/due-work.ts';
import { rareTicks } from './scheduling/rare-ticks.ts';
import { createScheduler } from './scheduling/scheduler.ts';
import { createTick } from './scheduling/tick.ts';
import { isComputerToken } from './services/computers/computer-token.ts';
import { largeAnswers } from './services/fairness/large-answers.ts';
import { createServices } from './services/index.ts';
import type { Observer } from './services/observer.ts';
import { VERSION } from './services/version.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

export interface AppOptions {
  readonly config: Pick<
    Config,
    | 'activityRetentionDays'
    | 'corsLoopback'
    | 'corsOrigins'
    | 'documentLimits'
    | 'eventRetentionDays'
    | 'explorer'
    | 'introspection'
    | 'maxCost'
    | 'requestTimeout'
    | 'trustedProxies'
    | 'issuer'
    | 'metrics'
    | 'metricsPort'
    | 'messageSystem'
    | 'landscapeUrl'
    | 'rateLimit'
    | 'restStrictContentType'
    | 'scheduler'
    | 'trustedDocuments'
    | 'trustedDocumentsOnly'
  >;
  /** The current secret first, then the one before it. */
  readonly jwtSecrets: readonly string[];
  readonly database: Pick<
    Database,
    'prisma' | 'kind' | 'folder' | 'exclusively' | 'listen' | 'observe' | 'poolUse'
  >;
  readonly log: FastifyBaseLogger;
  /** Tests and chaos runs move the time. */
  readonly clock?: Clock;
  /** Hears when an embedded database has been moved: it takes no more changes. */
  readonly onMoved?: () => void;
  /** Tests set them long, so that a slow machine decides nothing. */
  readonly deadlines?: HttpDeadlines;
}

export interface App {
  /** Listens, not ready yet, and returns the base URL. */
  listen(address: { host: string; port: number }): Promise<string>;
  /** Ready from now on, and firing: the database is open. */
  start(): Promise<void>;
  /** Not ready from now on, and still answering: whoever sends requests here finds out, and sends them elsewhere. */
  drain(): void;
  /** Finishes the requests in flight. The database is its opener's to close. */
  close(): Promise<void>;
}

/** Of the pool's connections, so that requests have theirs while ten thousand profiles are due. */
const FIRED_SIDE_BY_SIDE = 3;

/** The only place that constructs things: store → services → doors, server and clock. */
export async function createApp({
  config,
  jwtSecrets,
  database,
  log,
  clock,
  onMoved = () => {},
  deadlines = DEADLINES,
}: AppOptions): Promise<App> {
  /** That the database is away is no fault of ours, and was logged when it began. */
  const complain = (fault: unknown, about: object, message: string) => {
    const isAway = fault instanceof Refusal && fault.code === 'UNAVAILABLE';
    log[isAway ? 'debug' : 'error']({ err: fault, ...about }, message);
  };
  const report = (fault: unknown, requestId?: string) => complain(fault, { requestId }, 'fault');
  const store = createStore(database.prisma, clock, {
    onConflict: (conflict) =>
      log.warn({ err: conflict }, 'A transaction met another that waited for it, and was undone.'),
    ...logAvailability(log),
  });
  const metrics = createMetrics(VERSION, deadlines.sample);
  const observer: Observer = {
    service: (name, work) => traced(name, {}, work),
    statement: (text, work) => metrics.statement(text, () => tracedStatement(text, work)),
    fired: metrics.fired,
    executionEnded: metrics.executionEnded,
  };
  database.observe(observer);
  const services = createServices(store, report, observer);
  const hear = (change: Change | undefined) => {
    services.live.deliver(change);
    services.agentPings.hear(change);
  };
  const schema = createSchema();
  const execute = createExecutor(schema);
  const authenticator = createAuthenticator({
    secrets: jwtSecrets,
    ...(config.issuer && {
      issuer: createIssuer(config.issuer, {
        report: (reason) => log.warn({ err: reason }, 'The keys of the tokens’ issuer could not be had.'),
      }),
    }),
    callerOf: services.people.caller,
    isComputerToken,
    computerOf: services.computers.byToken,
    accountOfKey: services.registrationKeys.accountOf,
  });
  const issueToken = (grant: Grant) => issuedToken(grant, { secret: jwtSecrets[0]! });
  const contextOf = (request: Omit<GraphRequest, 'services' | 'issueToken'>) =>
    new GraphContext({ ...request, services, issueToken });
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
  const metricsDoor = {
    metrics,
    sources: {
      database: () => sampleOf(database),
      pool: database.poolUse,
      freeBytes: () => freeBytesAt(database.folder),
      clockLag: () => scheduler.lag(),
    },
  };
  let ownUrl = '';
  const server = await createHttpServer({
    log,
    metrics,
    addMetrics: config.metrics ? (onto) => addMetrics(onto, metricsDoor) : undefined,
    authenticator,
    cors: { origins: config.corsOrigins, loopback: config.corsLoopback },
    rateLimit: config.rateLimit,
    requestTimeout: config.requestTimeout,
    deadlines,
    trustedProxies: config.trustedProxies,
    graph: {
      server: graphServer,
      context: ({ closed, ...request }) =>
        contextOf({ ...request, limits: { enterLarge: enterLarge(request.principal, closed) } }),
      admission,
      streams: {
        ...createSubscriptions({ schema, server: graphServer, admission, contextOf, report }),
        onAccessChange: (principal, hear) =>
          principal.kind === 'person' ? services.live.onAccessChange(principal.caller, hear) : () => {},
      },
      refuse: refusedRequest,
      isUpload: uploadJudge(admission, documents),
      explorer: config.explorer,
    },
    // The legacy API is a client of the graph: it runs operations of the same schema, as its caller.
    rest: createRestDoor({
      authenticate: authenticator.authenticate,
      report,
      strictContentType: config.restStrictContentType,
      prepare: (operation) => {
        const run = prepareOperation(schema, execute, operation);
        const name = labelOfSource(operation);
        const bounds = { largestPage: LARGEST_LIMIT, largestTexts: LARGEST_TEXTS };
        return (variables, principal, { origin, closed }) => {
          const limits = { largest: LARGEST_ANSWER, enterLarge: enterLarge(principal, closed) };
          return traced(name, {}, () => run(variables, contextOf({ principal, origin, limits, ...bounds })));
        };
      },
    }),
    agents: config.messageSystem
      ? createAgentDoor({ services, landscapeUrl: () => config.landscapeUrl ?? ownUrl, metrics, log, report })
      : undefined,
    operator:
      database.folder && database.exclusively
        ? {
            secrets: jwtSecrets,
            saveAdministrator: (person) => makeAdministrator(database.prisma, person),
            care: embeddedMaintenance({
              folder: database.folder,
              exclusively: database.exclusively,
              log: (message) => log.info(message),
              // As after a connection that was lost: whoever follows anything has it looked up again.
              onRestored: () => hear(undefined),
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

  const scheduler = createScheduler({
    ticks: [
      createTick({
        work: dueProfiles(services.runs),
        observe: (fire) => metrics.firing('profile', fire),
        concurrency: database.kind === 'embedded' ? 1 : FIRED_SIDE_BY_SIDE,
        report: (fault, profile) => complain(fault, { profile }, 'A profile could not be fired.'),
      }),
      ...rareTicks(services, { observe: metrics.firing, complain }),
    ],
    sweeps: [
      (isStopping) => services.retention.sweep(config.activityRetentionDays, isStopping),
      (isStopping) => services.retention.sweepEvents(config.eventRetentionDays, isStopping),
    ],
    listen: (onWake) => database.listen(CLOCK_CHANNEL, onWake),
    report: (fault) => complain(fault, {}, 'A part of the clock’s pass failed.'),
  });

  let changes: { stop(): Promise<void> } | undefined;
  let metricsServer: { readonly port: number; close(): Promise<void> } | undefined;
  return {
    async listen({ host, port }) {
      if (config.metricsPort !== undefined) {
        metricsServer = await listenForMetrics(metricsDoor, { host, port: config.metricsPort });
        log.info(`metrics at http://${host}:${metricsServer.port}/metrics`);
      }
      ownUrl = await server.listen({ host, port });
      return ownUrl;
    },
    async start() {
      changes = await database.listen(CHANGES_CHANNEL, (payload) =>
        hear(payload === undefined ? undefined : parseChange(payload)),
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
