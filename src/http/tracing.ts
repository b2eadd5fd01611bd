import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

// Through OpenTelemetry's API alone: without an SDK, which the operator loads (`node --import`), all of it does nothing.
const tracer = trace.getTracer('script-profiles-gateway');

/** Work as a span, within the one that is active. Of an error only the code is kept: its message may quote anything. */
export function traced<T>(
  name: string,
  attributes: Readonly<Record<string, string>>,
  work: () => Promise<T>,
  kind = SpanKind.INTERNAL,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      const { code, name: type } = error as { code?: string; name?: string };
      span.setAttribute('error.type', code ?? type ?? 'unknown');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What a statement does: its first word. */
export const verbOf = (statement: string): string | undefined => /^\s*(\w+)/.exec(statement)?.[1];

export const tracedStatement = <T>(text: string, work: () => Promise<T>): Promise<T> =>
  traced(
    verbOf(text)?.toUpperCase() ?? 'STATEMENT',
    { 'db.system.name': 'postgresql', 'db.query.text': text },
    work,
    SpanKind.CLIENT,
  );

interface Spans {
  readonly http: Span;
  operation?: Span;
}

/** A span for each request, in the trace that its sender has begun, if any. */
export function addTracing(server: FastifyInstance): { operations(scope: FastifyInstance): void } {
  const spans = new WeakMap<FastifyRequest, Spans>();

  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'url.path': request.url.split('?')[0]!,
      'request.id': request.id,
    };
    // Where Node's own server is instrumented as well, there is one already.
    const active = context.active();
    const parent = trace.getSpan(active) ? active : propagation.extract(active, request.headers);
    const name = `${request.method} ${route}`;
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    if (!span.isRecording()) return done();
    spans.set(request, { http: span });
    const inSpan = trace.setSpan(parent, span);
    // What comes of the body is told by the socket, in a context of its own.
    context.bind(inSpan, request.raw);
    context.with(inSpan, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    done();
    const found = spans.get(request);
    if (!found) return;
    const { operation, outcome } = request.trail;
    if (operation) found.operation?.updateName(operation);
    if (outcome && outcome !== 'OK') found.operation?.setAttribute('error.type', outcome);
    found.operation?.end();
    found.http.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) found.http.setStatus({ code: SpanStatusCode.ERROR });
    found.http.end();
  });

  return {
    /** Each request of this part is one operation: a span within the request's, known by its name when it is over. */
    operations(scope) {
      scope.addHook('preHandler', (request, _reply, done) => {
        const found = spans.get(request);
        if (!found) return done();
        found.operation = tracer.startSpan('graphql', {}, withSpan(found.http));
        context.with(withSpan(found.operation), done);
      });
    },
  };
}

const withSpan = (span: Span): Context => trace.setSpan(context.active(), span);
