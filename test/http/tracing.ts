import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { startApp, type TestApp } from '../support/app.ts';
import { waitUntil } from '../support/waiting.ts';

export function tracing(): void {
  // The exporter of an SDK, as an operator loads it. The spans stay in memory.
  const exporter = new InMemorySpanExporter();
  let app: TestApp;
  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    app = await startApp();
  });
  afterAll(async () => {
    await app?.close();
    trace.disable();
    context.disable();
    propagation.disable();
  });
  beforeEach(() => exporter.reset());

  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const SENDER = 'b7ad6b7169203331';
  const traceparent = `00-${TRACE}-${SENDER}-01`;

  /** The names on the path from the request to each span, after the request has ended. */
  async function ways(root: string): Promise<string[]> {
    const spans = () => exporter.getFinishedSpans();
    await waitUntil(`the span ${root} ends`, spans, (ended) => ended.some(({ name }) => name === root));
    const byId = new Map(spans().map((span) => [span.spanContext().spanId, span]));
    const way = (span: ReadableSpan): string => {
      const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
      return parent ? `${way(parent)} > ${span.name}` : span.name;
    };
    return spans().map(way);
  }
  const find = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)!;

  describe('if an SDK is loaded', () => {
    test('a GraphQL request has a span, with its operation, use cases and statements below it', async () => {
      await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.token()}`, 'content-type': 'application/json', traceparent },
        body: JSON.stringify({ query: 'query Mine { limits { minInterval } }' }),
      });
      const found = await ways('POST /graphql');
      expect(found).toContain('POST /graphql > people.caller > SELECT');
      expect(found).toContain('POST /graphql > query limits > limits.get > SELECT');
      const http = find('POST /graphql');
      expect([http.spanContext().traceId, http.parentSpanId]).toEqual([TRACE, SENDER]);
      expect(http.attributes).toMatchObject({ 'http.route': '/graphql', 'http.response.status_code': 200 });
    });

    test('so has a request of the legacy API', async () => {
      await app.rest('GET', '/script-profile-limits');
      expect(await ways('GET /api/*')).toContain('GET /api/* > query limits > limits.get > SELECT');
    });

    test('a change has its transaction, and a refusal its code', async () => {
      await app.graphql('mutation { archiveScriptProfile(input: { id: 4242 }) { userErrors { code } } }');
      const found = await ways('POST /graphql');
      expect(
        found.filter((way) =>
          way.startsWith('POST /graphql > mutation archiveScriptProfile > scriptProfiles.archive > '),
        ),
      ).not.toHaveLength(0);
      expect(find('scriptProfiles.archive').attributes['error.type']).toBe('NOT_FOUND');
      expect(find('mutation archiveScriptProfile').attributes['error.type']).toBe('NOT_FOUND');
    });

    test('no span contains an account’s data', async () => {
      await app.graphql('{ scriptProfiles(filter: { search: "sesame-4711" }) { nodes { title } } }');
      await app.rest('GET', '/script-profiles?search=sesame-4711');
      await ways('GET /api/*');
      const text = JSON.stringify(
        exporter
          .getFinishedSpans()
          .map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
      );
      expect(text).not.toMatch(/sesame-4711|john@example|Bearer|Recurring Script/);
    });
  });
}
