import { beforeAll, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import type { TestApp } from '../support/app.ts';
import { sharedApp } from '../support/shared-app.ts';

export function graphqlOverHttp(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  /**
   * An invalid request is refused with 400, whatever the client accepts, so that proxies, logs and `fetch(…).ok` notice
   * it. The specification recommends 200 for clients that accept application/json.
   */
  const refusedWith400 = [
    'document parsing failure',
    'document validation failure',
    'variable coercion failure',
  ];
  const isExcepted = (name: string) =>
    /^SHOULD use (200 status code|a status code of 200) on/.test(name) &&
    name.endsWith('when accepting application/json') &&
    refusedWith400.some((failure) => name.includes(failure));

  /**
   * The official audits of the GraphQL-over-HTTP specification. They are sent with a token, and GET requests with a
   * header that other pages cannot send.
   */
  const audits = serverAudits({
    url: () => `${app.url}/graphql`,
    fetchFn: (url: string, options: RequestInit = {}) =>
      fetch(url, {
        ...options,
        headers: {
          ...(options.headers as Record<string, string>),
          authorization: `Bearer ${app.token()}`,
          'apollo-require-preflight': 'true',
        },
      }),
  });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (name, audit) => {
    const { status } = await audit.fn();
    expect(status).toBe(isExcepted(name) ? 'warn' : 'ok');
  });

  test('exactly three audits are excepted', () => {
    expect(audits.length).toBeGreaterThan(50);
    expect(audits.filter(({ name }) => isExcepted(name))).toHaveLength(3);
  });
}
