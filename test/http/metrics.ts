import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { CLOCK_CHANNEL } from '../../src/repositories/activities/runs.ts';
import { PAGE_NOW, startApp, type TestApp } from '../support/app.ts';
import { isOnPostgresql } from '../support/database.ts';
import { sharedApp } from '../support/shared-app.ts';
import { waitUntil } from '../support/waiting.ts';
import { signedIn } from './raw-socket.ts';

export function metrics(): void {
  let app: TestApp;
  beforeAll(async () => {
    app = await sharedApp();
  });

  /** Samples by name and labels, in the printed form. */
  async function metrics(url = app.url): Promise<Map<string, number>> {
    const answer = await fetch(`${url}/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const end = line.lastIndexOf(' ');
        return [line.slice(0, end), Number(line.slice(end + 1))];
      }),
    );
  }
  const requests = (door: string, operation: string, outcome: string) =>
    `gateway_requests_total{door="${door}",operation="${operation}",outcome="${outcome}"}`;

  describe('/metrics', () => {
    test('counts requests by API, operation and outcome, and has their durations', async () => {
      for (let times = 0; times < 3; times += 1) await app.graphql('query Any { limits { minInterval } }');
      await app.graphql('{ scriptProfile(id: 4242) { title } }');
      await app.graphql('mutation { archiveScriptProfile(input: { id: 4242 }) { userErrors { code } } }');
      await app.rest('GET', '/script-profiles/4242');
      await app.rest('GET', '/nothing');
      const seen = await metrics();
      expect(seen.get(requests('graphql', 'query limits', 'OK'))).toBe(3);
      expect(seen.get(requests('graphql', 'query scriptProfile', 'NOT_FOUND'))).toBe(1);
      expect(seen.get(requests('graphql', 'mutation archiveScriptProfile', 'NOT_FOUND'))).toBe(1);
      expect(seen.get(requests('rest', 'GET /script-profiles/{id}', 'NOT_FOUND'))).toBe(1);
      expect(seen.get(requests('rest', 'none', '404'))).toBe(1);
      expect(
        seen.get('gateway_request_duration_seconds_count{door="graphql",operation="query limits"}'),
      ).toBe(3);
    });

    test('has at most one series for each field of the schema, whatever operation names clients invent', async () => {
      const count = async () =>
        [...(await metrics()).keys()].filter((key) => key.startsWith('gateway_')).length;
      await app.graphql('query Name0 { viewer { accountName } }');
      const before = await count();
      for (let n = 1; n < 20; n += 1) {
        await app.graphql(`query Name${n} { a${n}: viewer { accountName } }`);
        await app.rest('GET', `/script-profiles/${n * 1000}`);
        await app.rest('GET', `/made-up-${n}`);
      }
      expect(await count()).toBe(before);
    });

    test('has figures of statements, the database and its clock, and the process', async () => {
      await app.graphql('{ limits { minInterval } }');
      const seen = await metrics();
      expect(
        seen.get('gateway_statement_duration_seconds_count{kind="select",outcome="ok"}'),
      ).toBeGreaterThan(0);
      expect(seen.get('gateway_database_up')).toBe(1);
      expect(seen.has('gateway_clock_skew_seconds')).toBe(true);
      expect(seen.get('gateway_clock_lag_seconds')).toBe(0);
      expect(seen.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
      expect(seen.get('process_resident_memory_bytes')).toBeGreaterThan(0);
      // The embedded database has one connection and no pool.
      expect(seen.get('gateway_pool_connections_max')).toBe(isOnPostgresql() ? 10 : 0);
    });

    test('counts open subscriptions, and not those that have ended', async () => {
      const open = async () => (await metrics()).get('gateway_subscriptions{transport="websocket"}');
      const socket = await signedIn(app.url, app.token());
      socket.say({
        id: '1',
        type: 'subscribe',
        payload: { query: 'subscription { activityFeed { isSnapshot } }' },
      });
      await socket.receive();
      expect(await open()).toBe(1);
      const stream = await fetch(`${app.url}/graphql/stream`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.token()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: 'subscription { activityFeed { isSnapshot } }' }),
      });
      expect((await metrics()).get('gateway_subscriptions{transport="sse"}')).toBe(1);
      await stream.body!.cancel();
      socket.socket.terminate();
      await waitUntil('no WebSocket is open', open, (count) => count === 0);
      const streams = async () => (await metrics()).get('gateway_subscriptions{transport="sse"}');
      await waitUntil('no event stream is open', streams, (count) => count === 0);
      expect((await metrics()).get(requests('websocket', 'subscription activityFeed', 'OK'))).toBe(1);
    });

    test('contains no title, name, e-mail address or id of an account', async () => {
      await app.rest('GET', '/script-profiles/5');
      const text = await (await fetch(`${app.url}/metrics`)).text();
      expect(text).not.toMatch(/standalone|john|smith|recurring script|web server|account_?id|person_?id/i);
    });
  });

  describe('the waiting work', () => {
    test('is counted: due and late slots, untaken executions, and accounts by queue', async () => {
      // The world's clock is in 2025. By the database's own clock, its slots are long overdue.
      const other = await startApp();
      const seen = await metrics(other.url);
      expect(seen.get('gateway_due_profiles')).toBeGreaterThan(0);
      expect(seen.get('gateway_late_profiles')).toBe(seen.get('gateway_due_profiles'));
      expect(seen.get('gateway_oldest_due_seconds')).toBeGreaterThan(3600);
      const [{ waiting }] = await other.database.prisma.$queryRaw<[{ waiting: number }]>`
      select count(*)::int as waiting from activity where status = 'undelivered' and parent_id is not null`;
      expect(seen.get('gateway_undelivered_executions')).toBe(waiting);
      expect(seen.get('gateway_accounts_with_undelivered{at_least="1"}')).toBe(waiting > 0 ? 1 : 0);
      expect(seen.get('gateway_accounts_with_undelivered{at_least="10000"}')).toBe(0);
      await other.close();
    });

    test('has the delay and the duration of firings', async () => {
      let now = PAGE_NOW;
      const other = await startApp({ environment: { SCHEDULER: 'on' }, now: () => now });
      now = '2025-04-23T08:00:02.000000Z';
      await other.database.prisma.$queryRaw`select pg_notify(${CLOCK_CHANNEL}, '')::text`;
      const fired = 'gateway_firing_lateness_seconds_count';
      await waitUntil('a slot is fired', async () => (await metrics(other.url)).get(fired));
      const seen = await metrics(other.url);
      expect(seen.get('gateway_firing_lateness_seconds_sum')).toBe(2);
      expect(seen.get('gateway_firing_duration_seconds_count{kind="profile",outcome="fired"}')).toBe(
        seen.get(fired),
      );
      await other.close();
    });
  });

  test('includes executions by outcome: succeeded, failed or not reported in time', async () => {
    let now = PAGE_NOW;
    const other = await startApp({ environment: { SCHEDULER: 'on' }, now: () => now });
    const done = async (field: string, token = other.token()) => {
      const { data } = await other.graphql(`mutation { done: ${field} }`, {}, token);
      return data.done;
    };
    const ended = async () => {
      const seen = await metrics(other.url);
      return ['succeeded', 'failed', 'overdue'].map((outcome) =>
        seen.get(`gateway_executions_total{outcome="${outcome}"}`),
      );
    };
    /**
     * Enrols a computer that takes the documented profile's execution at enrolment. Returns a function that reports it.
     */
    const taker = async (hostname: string) => {
      const enrolled = await done(
        `enrolComputer(input: { hostname: "${hostname}", tags: ["server"] }) { token computer { id } }`,
      );
      await done(`acceptComputers(input: { ids: ["${enrolled.computer.id}"] }) { userErrors { code } }`);
      const { executions } = await done('takeExecutions(input: {}) { executions { id } }', enrolled.token);
      expect(executions).toHaveLength(1);
      const [{ id }] = executions;
      return (succeeded: boolean) =>
        done(
          `reportExecution(input: { id: "${id}", succeeded: ${succeeded} }) { reportedId }`,
          enrolled.token,
        );
    };
    expect(await ended()).toEqual([0, 0, 0]);
    const [one, two, silent] = [await taker('web-1'), await taker('web-2'), await taker('web-3')];
    await one(true);
    // A repeated report changes nothing.
    await one(false);
    await two(false);
    expect(await ended()).toEqual([1, 1, 0]);
    now = '2026-04-23T00:00:00.000000Z';
    await other.database.prisma.$queryRaw`select pg_notify(${CLOCK_CHANNEL}, '')::text`;
    await waitUntil('an execution is overdue', ended, ([, , overdue]) => overdue === 1);
    await silent(true);
    expect(await ended()).toEqual([2, 1, 1]);
    await other.close();
  });

  describe('the metrics are served', () => {
    const status = async (url: string) => (await fetch(`${url}/metrics`)).status;

    test.each([
      ['METRICS=off', { METRICS: 'off' }],
      ['NODE_ENV=production by default', { NODE_ENV: 'production' }],
    ])('nowhere with %s', async (_, environment) => {
      const other = await startApp({ environment });
      expect(await status(other.url)).toBe(404);
      await other.close();
    });

    test('only on another port with METRICS_PORT', async () => {
      const other = await startApp({ environment: { METRICS_PORT: '0' }, logLevel: 'info' });
      const own = /metrics at (http:\S+)\/metrics/.exec(other.logged().join(''))![1]!;
      expect([await status(own), await status(other.url)]).toEqual([200, 404]);
      expect((await fetch(`${own}/graphql`)).status).toBe(404);
      await other.close();
      await expect(fetch(`${own}/metrics`)).rejects.toThrow();
    });
  });

  test('the operating guide names every metric of the gateway, and no other', async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const exported = [...text.matchAll(/^# HELP (gateway_\w+)/gm)].map(([, name]) => name);
    const guide = await readFile(new URL('../../docs/watching.md', import.meta.url), 'utf8');
    const listed = [...guide.matchAll(/^\| `(gateway_\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(exported.sort());
  });
}
