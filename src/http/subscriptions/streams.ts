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

/** The GraphQL API's part of a stream. */
export interface SubscriptionHandlers {
  /** Returns the operation to run, or errors. Only subscriptions are allowed, with the same limits as over HTTP. */
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
  /** Calls back if the access or the view of the principal may have changed. */
  onAccessChange(principal: Principal, onChange: () => void): () => void;
}

export interface StreamOptions {
  readonly metrics: Metrics;
  readonly streams: SubscriptionHandlers;
  readonly authenticate: Authenticator['authenticate'];
}

/** Milliseconds until an unannounced change is noticed. */
const RECHECK = 60_000;
/**
 * Extra milliseconds, because a timer may fire a moment early. The token would then still be valid and the stream stay
 * open.
 */
const TIMER_SLACK = 5;
/** Milliseconds until a token that is still valid after its expiry is checked again. */
const AT_EXPIRY = 1_000;

/**
 * Closes a stream once its subscriber would no longer be admitted, or would see other data. It checks at the token's
 * expiry, after access changes, and at intervals.
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
      // While the database is unreachable the answer is unknown, so check again later.
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
