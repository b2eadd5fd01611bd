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

// Uses only OpenTelemetry's API. It does nothing unless the operator loads an SDK with `node --import`.
const tracer = trace.getTracer('script-profiles-gateway');

/**
 * Runs work in a span within the active one. Records only the code of an error, because its message may quote any data.
 */
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

/** The first word of a statement. */
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

/** Creates a span for each request, within the sender's trace if there is one. */
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
    // If Node's own server is instrumented too, a span is already active.
    const active = context.active();
    const parent = trace.getSpan(active) ? active : propagation.extract(active, request.headers);
    const name = `${request.method} ${route}`;
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    if (!span.isRecording()) return done();
    spans.set(request, { http: span });
    const inSpan = trace.setSpan(parent, span);
    // Events of the body run in the socket's context, so bind them to the span.
    context.bind(inSpan, request.raw);
    context.with(inSpan, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    done();
    const found = spans.get(request);
    if (!found) return;
    const { operation, outcome } = request.requestRecord;
    if (operation) found.operation?.updateName(operation);
    if (outcome && outcome !== 'OK') found.operation?.setAttribute('error.type', outcome);
    found.operation?.end();
    found.http.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) found.http.setStatus({ code: SpanStatusCode.ERROR });
    found.http.end();
  });

  return {
    /** Creates a span for each operation within the request's span. Its name is known when the operation has ended. */
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
