import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Refusal } from '../../src/domain/errors.ts';
import { createAuthenticator } from '../../src/http/auth/authenticate.ts';
import { signToken } from '../../src/http/auth/tokens.ts';
import { createMetrics } from '../../src/http/observability/metrics.ts';
import { guard } from '../../src/http/subscriptions/streams.ts';

// The times at which an open stream is checked. The test moves the time. test/http/websockets.ts tests what the client
// sees.
export function openStreams(): void {
  const SECRET = 'a secret of the tests, thirty-two bytes or more';
  const caller = {
    accountId: 7,
    accountName: 'acme',
    personId: 9,
    email: 'jane@example.com',
    name: 'Jane',
    roles: [],
    grants: {},
  };
  /** The caller in the database, or the error of the lookup. */
  let known: object | undefined | Error;
  let asked: number;

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2026-11-24T00:00:00Z') });
    known = caller;
    asked = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const { authenticate } = createAuthenticator({
    secrets: [SECRET],
    callerOf: async () => {
      asked += 1;
      if (known instanceof Error) throw known;
      return known as typeof caller | undefined;
    },
    isComputerToken: () => false,
    computerOf: async () => undefined,
    accountOfKey: async () => undefined,
  });

  const origin = { address: '192.0.2.1', requestId: 'request' };

  /** Opens a stream with a token that is valid for the given number of minutes. */
  async function opened(minutes: number) {
    const authorization = `Bearer ${signToken({ email: caller.email, account: 'acme' }, { secret: SECRET, minutes })}`;
    const principal = await authenticate(authorization, origin);
    asked = 0;
    const lost: string[] = [];
    let notify = () => {};
    const streams = {
      admit: async () => [],
      format: (result: object) => result,
      onAccessChange: (_principal: unknown, listener: () => void) => {
        notify = listener;
        return () => {};
      },
    };
    const { stop } = guard(
      { metrics: createMetrics('test'), streams, authenticate },
      { authorization, principal, origin },
      (why) => lost.push(why),
    );
    return { lost, stop, notify: () => notify() };
  }
  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000);

  test('whose token expires is ended at that moment, skew included, and not before', async () => {
    const { lost, stop } = await opened(10);
    await pass(10 * 60 + 29);
    expect(lost).toEqual([]);
    await pass(2);
    expect(lost).toEqual([expect.stringMatching(/^The token expired at 2026-11-24T00:10:00/)]);
    stop();
  });

  test('whose person is removed or gets other permissions is ended within a minute, even without a notification', async () => {
    for (const [then, why] of [
      [undefined, /was revoked/],
      [{ ...caller, grants: { ViewScript: 'all' } }, /access has changed/],
    ] as const) {
      known = caller;
      const { lost, stop } = await opened(60);
      await pass(59);
      known = then;
      expect(lost).toEqual([]);
      await pass(1);
      expect(lost).toEqual([expect.stringMatching(why)]);
      stop();
    }
  });

  test('whose database is unreachable for a while continues, and is checked again', async () => {
    const { lost, notify, stop } = await opened(60);
    known = new Refusal('UNAVAILABLE', 'The database is unreachable.');
    notify();
    await pass(120);
    expect([lost, asked]).toEqual([[], 3]);
    known = undefined;
    await pass(60);
    expect(lost).toHaveLength(1);
    stop();
  });

  test('that has ended is no longer checked', async () => {
    const { lost, stop } = await opened(1);
    stop();
    known = undefined;
    await pass(3600);
    expect([lost, asked]).toEqual([[], 0]);
  });
}
