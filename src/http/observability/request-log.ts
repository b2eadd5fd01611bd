import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../domain/accounts/access.ts';
import type { RequestRecord } from '../../services/request-record.ts';
import type { ProxyCheck } from '../address.ts';
import type { Metrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    requestRecord: RequestRecord;
  }
}

/** Paths that supervisors and agents request all day. */
const PROBES = ['/healthz', '/readyz', '/metrics', '/ping'];
const AGENTS = ['/message-system', '/ping', '/attachment/:id'];
const MAX_PATH_LENGTH = 256;
/** Names all files of the web console in logs and metrics, because the console's page is sent for many paths. */
export const CONSOLE_OPERATION = 'console';

/**
 * The id of a request. A trusted proxy's id is used, so that both logs name the same request. Other callers could
 * repeat ids.
 */
export function requestId(request: Pick<IncomingMessage, 'headers' | 'socket'>, isProxy: ProxyCheck): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && isProxy(request) && /^[\w.-]{1,64}$/.test(sent)
    ? sent
    : crypto.randomUUID();
}

/**
 * Logs one line for each answered request and counts the request in the metrics. The line contains no header and no
 * query.
 */
export function addRequestLog(server: FastifyInstance, metrics: Metrics): void {
  server.decorateRequest('requestRecord');
  server.addHook('onRequest', (request, _reply, done) => {
    request.requestRecord = { requestId: request.id };
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    noteAnswer(metrics, request, reply);
    done();
  });
}

export function noteAnswer(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  const { requestRecord, method } = request;
  const path = request.url.split('?')[0]!.slice(0, MAX_PATH_LENGTH);
  const isConsole = requestRecord.operation === CONSOLE_OPERATION;
  const api = isConsole ? 'page' : apiOf(request.routeOptions?.url, request.is404);
  const outcome = outcomeOf(requestRecord, reply, api);
  const operation =
    requestRecord.operation ?? (api === 'page' ? (request.routeOptions?.url ?? 'none') : 'none');
  metrics.request({ door: api, operation, outcome }, api === 'stream' ? undefined : reply.elapsedTime / 1000);
  const isQuiet = PROBES.includes(path) && reply.statusCode < 400;
  request.log[isQuiet ? 'debug' : 'info'](
    {
      method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(requestRecord.operation && { operation: requestRecord.operation }),
      ...(requestRecord.operationName && { operationName: requestRecord.operationName }),
      ...(requestRecord.principal && { caller: callerOf(requestRecord.principal) }),
      outcome,
    },
    'request',
  );
}

/** Ids without names, because logs are stored longer and read by more people than the data itself. */
export function callerOf(principal: Principal): object {
  if (principal.kind === 'person') {
    const { accountId, personId } = principal.caller;
    return { account: accountId, person: personId };
  }
  if (principal.kind === 'anonymous') return { anonymous: true };
  const { accountId: account } = principal;
  return principal.kind === 'computer'
    ? { account, computer: principal.computerId }
    : { account, registrar: true };
}

function outcomeOf({ outcome }: RequestRecord, { raw, statusCode }: FastifyReply, api: string): string {
  // The client disconnected before the whole answer was sent. A stream always ends this way.
  if (!raw.writableFinished && api !== 'stream') return 'ABORTED';
  return outcome ?? (statusCode < 400 ? 'OK' : String(statusCode));
}

function apiOf(route: string | undefined, isElsewhere: boolean): string {
  if (isElsewhere || route === undefined || route.startsWith('/api')) return 'rest';
  if (route === '/graphql') return 'graphql';
  if (AGENTS.includes(route)) return 'agents';
  return route === '/graphql/stream' ? 'stream' : 'page';
}
