import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse';
import type { Principal } from '../../domain/accounts/access.ts';
import { originOf } from '../address.ts';
import type { HttpDeadlines } from '../deadlines.ts';
import { guard, type StreamOptions } from './streams.ts';

export interface EventStreamOptions extends StreamOptions {
  principalOf(request: FastifyRequest): Principal;
  readonly deadlines: HttpDeadlines;
  /** The parameters of a GET request, which were parsed once. */
  searchOf(request: FastifyRequest): string;
}

/** Serves subscriptions as server-sent events at /graphql/stream, one for each request. */
export function addEventStreams(
  scope: FastifyInstance,
  { principalOf, searchOf, ...options }: EventStreamOptions,
): void {
  const { streams, metrics, deadlines } = options;
  const open = new Set<ServerResponse>();

  const handle = createHandler<FastifyRequest, FastifyReply>({
    // No token, because each request is a separate stream.
    authenticate: () => null,
    async onSubscribe({ raw: request, context: reply }, operation) {
      const admitted = await streams.admit(operation, {
        principal: principalOf(request),
        origin: originOf(request),
        requestRecord: request.requestRecord,
        giveUp: () => reply.raw.destroy(),
      });
      // A rejection is passed as a result with errors, because a request has only one operation.
      return 'document' in admitted ? (admitted as never) : ({ data: undefined, errors: admitted } as never);
    },
    validate: () => [],
    async onNext(_context, { context: reply }, result) {
      // Wait until the previous event was sent, so that events for a slow client do not accumulate.
      await drained(reply.raw, deadlines.drain);
      return streams.format(result as ExecutionResult) as ExecutionResult;
    },
  });

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const [body, init] = await handle({
      method: request.method,
      url: searchOf(request),
      headers: {
        get: (name) => (name === 'accept' ? 'text/event-stream' : request.headers[name]?.toString()),
      },
      body: request.body as Record<string, unknown>,
      raw: request,
      context: reply,
    });
    if (body === null || typeof body === 'string') {
      return reply
        .code(init.status)
        .headers(init.headers ?? {})
        .send(body ?? '');
    }
    const { raw } = reply;
    const { authorization } = request;
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      // A reusable connection would delay shutdown.
      connection: 'close',
      // Otherwise nginx would delay events.
      'x-accel-buffering': 'no',
    });
    // The final event is omitted, because without it clients reconnect.
    const guarded = guard(
      options,
      { authorization, principal: principalOf(request), origin: originOf(request) },
      () => raw.end(),
    );
    const stop = () => {
      if (!open.delete(raw)) return;
      metrics.subscriptions.dec({ transport: 'sse' });
      guarded.stop();
      void body.return();
    };
    raw.once('close', stop);
    open.add(raw);
    metrics.subscriptions.inc({ transport: 'sse' });
    if (raw.destroyed) stop();
    for await (const chunk of body) {
      if (raw.writable) raw.write(chunk);
      await drained(raw, deadlines.drain);
    }
    raw.end();
  };
  scope.route({ method: ['GET', 'POST'], url: '/graphql/stream', handler: answer });

  scope.addHook('preClose', (done) => {
    for (const response of open) response.end();
    done();
  });
}

/** Waits until the client has read enough. Disconnects it after the deadline. */
async function drained(response: ServerResponse, deadline: number): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return;
  const timer = setTimeout(() => response.destroy(), deadline).unref();
  await new Promise<void>((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.once('drain', settle).once('close', settle);
  });
  clearTimeout(timer);
}
