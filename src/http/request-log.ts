import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../domain/access.ts';
import type { Trail } from '../services/trail.ts';
import type { ProxyCheck } from './address.ts';
import type { Metrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    trail: Trail;
  }
}

/** Supervisors and agents ask them all day long. */
const PROBES = ['/healthz', '/readyz', '/metrics', '/ping'];
const AGENTS = ['/message-system', '/ping', '/attachment/:id'];
const LONGEST_PATH = 256;

/** A trusted proxy's own id, so that its log and ours name the same request. Other callers could repeat theirs. */
export function requestId(request: Pick<IncomingMessage, 'headers' | 'socket'>, isProxy: ProxyCheck): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && isProxy(request) && /^[\w.-]{1,64}$/.test(sent)
    ? sent
    : crypto.randomUUID();
}

/** One line for each request, when it is answered, and one more in the metrics. No header and no query is in it. */
export function addRequestLog(server: FastifyInstance, metrics: Metrics): void {
  server.decorateRequest('trail');
  server.addHook('onRequest', (request, _reply, done) => {
    request.trail = { requestId: request.id };
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    noteAnswer(metrics, request, reply);
    done();
  });
}

export function noteAnswer(metrics: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  const { trail, method } = request;
  const path = request.url.split('?')[0]!.slice(0, LONGEST_PATH);
  const door = doorOf(request.routeOptions?.url, request.is404);
  const outcome = outcomeOf(trail, reply, door);
  const operation = trail.operation ?? (door === 'page' ? (request.routeOptions?.url ?? 'none') : 'none');
  metrics.request({ door, operation, outcome }, door === 'stream' ? undefined : reply.elapsedTime / 1000);
  const isQuiet = PROBES.includes(path) && reply.statusCode < 400;
  request.log[isQuiet ? 'debug' : 'info'](
    {
      method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(trail.operation && { operation: trail.operation }),
      ...(trail.operationName && { operationName: trail.operationName }),
      ...(trail.principal && { caller: callerOf(trail.principal) }),
      outcome,
    },
    'request',
  );
}

/** Ids, and no names: a log is kept longer, and read by more people, than what it is about. */
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

function outcomeOf({ outcome }: Trail, { raw, statusCode }: FastifyReply, door: string): string {
  // Its sender has gone before all of it was sent; a stream ends in no other way.
  if (!raw.writableFinished && door !== 'stream') return 'ABORTED';
  return outcome ?? (statusCode < 400 ? 'OK' : String(statusCode));
}

function doorOf(route: string | undefined, isElsewhere: boolean): string {
  if (isElsewhere || route === undefined || route.startsWith('/api')) return 'rest';
  if (route === '/graphql') return 'graphql';
  if (AGENTS.includes(route)) return 'agents';
  return route === '/graphql/stream' ? 'stream' : 'page';
}
