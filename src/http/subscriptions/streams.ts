import { isDeepStrictEqual } from 'node:util';
import type {
  ExecutionArgs,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLFormattedError,
} from 'graphql';
import type { Origin, Principal } from '../../domain/accounts/access.ts';
import { Refusal } from '../../domain/errors.ts';
import type { RequestRecord } from '../../services/request-record.ts';
import type { Authenticator } from '../auth/authenticate.ts';
import { expiryOf } from '../auth/tokens.ts';
import type { Metrics } from '../observability/metrics.ts';

/** The graph's side of a stream. */
export interface SubscriptionHandlers {
  /** What to run, or why not: subscriptions only, under the same rules as whatever comes over HTTP. */
  admit(
    operation: {
      readonly query?: string | null;
      readonly operationName?: string | null;
      readonly variables?: Record<string, unknown> | null;
      readonly extensions?: Record<string, unknown> | null;
    },
    subscriber: {
      readonly principal: Principal;
      readonly origin: Origin;
      readonly requestRecord: RequestRecord;
      giveUp(): void;
    },
  ): Promise<ExecutionArgs | readonly GraphQLFormattedError[]>;
  format(result: ExecutionResult | FormattedExecutionResult): FormattedExecutionResult;
  /** Hears when it may have changed whether somebody gets in, or what they see. */
  onAccessChange(principal: Principal, hear: () => void): () => void;
}

export interface StreamOptions {
  readonly metrics: Metrics;
  readonly streams: SubscriptionHandlers;
  readonly authenticate: Authenticator['authenticate'];
}

/** What nobody announced is found out so late. */
const RECHECK = 60_000;
/** A timer may fire a moment early: then the token would still be taken, and the stream stay. */
const TIMER_SLACK = 5;
/** For a token that is still taken all the same. */
const AT_EXPIRY = 1_000;

/**
 * Whoever opened a stream may keep it as long as they would still be let in, and see the same: asked again when
 * the token expires, when access changed, and now and then.
 */
export function guard(
  { streams, authenticate }: StreamOptions,
  opened: {
    readonly authorization: string | undefined;
    readonly principal: Principal;
    readonly origin: Origin;
  },
  onLost: (why: string) => void,
): { stop(): void } {
  const { authorization, principal, origin } = opened;
  const expiry = expiryOf(authorization) ?? Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout;
  let stopped = false;
  const lose = (why: string) => {
    if (!stopped) onLost(why);
  };
  const check = async () => {
    clearTimeout(timer);
    try {
      const now = await authenticate(authorization, origin);
      if (!isDeepStrictEqual(now, principal)) return lose('Your access has changed. Connect again.');
    } catch (error) {
      // While the database is away nobody can tell: ask again.
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return lose(error.message);
    }
    if (!stopped) wait();
  };
  const wait = () => {
    clearTimeout(timer);
    const left = expiry - Date.now();
    timer = setTimeout(check, Math.min(left > 0 ? left + TIMER_SLACK : AT_EXPIRY, RECHECK)).unref();
  };
  wait();
  const unlisten = streams.onAccessChange(principal, check);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      unlisten();
    },
  };
}
